//! Files, audio and video: a slot that `npm/media.js` draws into, and what it has to know about the question.

use protocol::question::QuestionKind;
use yew::prelude::*;

use super::field::FieldProps;
use crate::validate::is_known;

/// The slot takes focus, so that there is something to focus as long as its code is being fetched.
pub(super) fn upload_answer(props: &FieldProps) -> Html {
    if !is_known(&props.question) {
        return html! { <p class="notice">{ props.text.unsupported }</p> };
    }
    let limits = &props.question.validate;
    let recording = props.question.recording.unwrap_or_default();
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    html! {
        <div class="media" part="media" role="group" tabindex="-1" data-focus="" data-media={match props.question.kind {
                QuestionKind::Audio => "audio",
                QuestionKind::Video => "video",
                _ => "file",
            }}
            data-question={props.question.id.clone()} data-accept={limits.accept.join(",")}
            data-max-bytes={number(limits.max_bytes)} data-max-duration={number(limits.max_duration_ms)}
            data-think-time={number(recording.think_time_ms)} data-max-retakes={number(recording.max_retakes.map(u64::from))}
            data-max-files={number(limits.max_choices.map(u64::from))} data-locked={props.is_locked.then_some("")}
            aria-labelledby="question" aria-describedby={props.described_by()} />
    }
}
