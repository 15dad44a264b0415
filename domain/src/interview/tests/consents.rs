//! Consent.

use super::*;

fn session() -> Session {
    Session::new(json!({
        "schema": 1, "title": "Test", "blocks": [{"id": "b", "questions": [question("x", "yes_no")]}], "ends": [{"id": "thanks", "text": "Thanks."}],
        "consent": [{"id": "rec", "version": 2, "text": "May we?"}, {"id": "news", "version": 1, "text": "News?", "required": false}],
    }))
}

#[test]
fn consent_comes_first_and_refusing_it_is_the_end() {
    let mut session = session();
    session.consent = ConsentState::Pending;
    assert_eq!(session.current(), "consent");
    assert_eq!(code(&session.interview().check_answer("x", &json!(true))), "consent missing");
    assert_eq!(code(&session.interview().check_draft("x", &json!(true))), "consent missing");
    session.consent = ConsentState::Declined;
    assert!(session.interview().is_over());
    assert_eq!(session.current(), "end consent_declined");
    assert_eq!(code(&session.interview().check_answer("x", &json!(true))), "over");
    session.locale = "de";
    let Turn::End { end, .. } = session.interview().turn() else { panic!() };
    assert!(end.text.starts_with("Danke"));
}

#[test]
fn a_guide_may_say_good_bye_in_its_own_words_and_need_not_ask_for_consent() {
    let mut session = Session::new(json!({
        "schema": 1, "title": "Test", "blocks": [{"id": "b", "questions": [question("x", "yes_no")]}],
        "ends": [{"id": "thanks", "text": "Thanks."}, {"id": "consent_declined", "text": "A pity."}],
    }));
    session.consent = ConsentState::Pending;
    assert_eq!(session.current(), "x");
    session.consent = ConsentState::Declined;
    let Turn::End { end, .. } = session.interview().turn() else { panic!() };
    assert_eq!(end.text, "A pity.");
}

#[test]
fn what_is_left_out_was_refused_and_what_was_never_shown_cannot_be_agreed_to() {
    let guide = session().guide;
    let weigh = |accepted: &[(&str, u32)]| {
        let accepted: Vec<_> = accepted
            .iter()
            .map(|(id, version)| AcceptedConsent { id: (*id).to_owned(), version: *version })
            .collect();
        weigh_consent(&guide, &accepted)
    };
    assert_eq!(weigh(&[("rec", 2), ("news", 1)]), Ok(ConsentState::Accepted));
    assert_eq!(weigh(&[("rec", 2)]), Ok(ConsentState::Accepted));
    assert_eq!(weigh(&[("news", 1)]), Ok(ConsentState::Declined));
    assert_eq!(weigh(&[]), Ok(ConsentState::Declined));
    assert_eq!(
        weigh(&[("rec", 1)]),
        Err(ConsentRefused::OtherVersion { id: "rec".into(), given: 1, current: 2 })
    );
    assert_eq!(weigh(&[("soul", 1)]), Err(ConsentRefused::UnknownItem { id: "soul".into() }));
}
