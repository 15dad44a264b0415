//! What is drawn. Components get everything by their properties and tell what the person does through `on`;
//! none fetches.
//!
//! Names that tests and themes rely on: the question is the `h2`, with the id `question`; what takes focus on a new
//! screen has `data-focus`; parts are `root screen heading help field choice media button secondary status notice progress history`.
//!
//! A class that depends on something is set as a property (`~className`): of an attribute Yew would make a set, and the code for
//! sets is two kilobytes.

mod choice_answer;
mod consent_form;
mod end_screen;
mod field;
mod frame;
mod history;
mod icon;
mod message_screen;
mod progress;
mod question_card;
mod ranking_answer;
mod rating_answer;
mod status_line;
mod text_answer;
mod unsaved;
mod upload_answer;
mod waiting;

pub use frame::frame;
