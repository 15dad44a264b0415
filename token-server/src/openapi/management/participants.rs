//! Participants.

use crate::openapi::operation::Operation;

const PARTICIPANTS: &str = "Participants";

pub(super) fn all() -> Vec<Operation> {
    let path = "/v1/participants/{id}";
    vec![
        Operation::new("get", path, (PARTICIPANTS, "getParticipant"), "See a participant", "")
            .key("sessions:read")
            .answers(200, "The participant.", "Participant"),
        Operation::new(
            "delete",
            path,
            (PARTICIPANTS, "eraseParticipant"),
            "Erase a participant",
            "Removes name, addresses, sessions, answers and what the invites say of them, from all files of the \
             database; the invites are cancelled. Doing so twice is no error.",
        )
        .key("sessions:write")
        .answers(200, "What is left.", "Participant"),
    ]
}
