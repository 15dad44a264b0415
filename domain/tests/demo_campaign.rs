//! The guide of the demo is sound, and shows what the engine can do.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::collections::{BTreeMap, HashSet};

use domain::{
    guide::{CheckedGuide, Guide},
    interview::{ConsentState, Facts, GivenAnswer, Interview},
};
use protocol::{question::QuestionKind, session::Turn};
use serde_json::{Map, Value, json};

fn guide() -> CheckedGuide {
    let file: Value = serde_json::from_str(include_str!("../../demo-site/campaign.json")).unwrap();
    let guide: Guide = serde_json::from_value(file["guide"].clone()).unwrap();
    CheckedGuide::try_new(guide).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// Answers each question with what is given for it, else skips it; returns what was asked and the end.
fn interview(guide: &CheckedGuide, locale: &str, given: &[(&str, Value)]) -> (Vec<(String, String)>, String) {
    let variables = Map::new();
    let mut answers: Vec<GivenAnswer> = Vec::new();
    let mut asked = Vec::new();
    loop {
        let facts = Facts {
            seed: 1,
            locale,
            fallback_locale: "en",
            variables: &variables,
            consent: ConsentState::Accepted,
            probes: &BTreeMap::new(),
            answers: &answers,
        };
        let interview = Interview::new(guide, facts);
        let question = match interview.turn() {
            Turn::Question { question, .. } => question,
            Turn::End { end, .. } => return (asked, end.id),
            Turn::Consent { .. } => panic!("consent was given"),
        };
        let value =
            given.iter().find(|(id, _)| *id == question.id).map_or(Value::Null, |(_, value)| value.clone());
        interview
            .check_answer(&question.id, &value)
            .unwrap_or_else(|refused| panic!("{}: {refused}", question.id));
        asked.push((question.id.clone(), question.text));
        answers.push(GivenAnswer { question_id: question.id, value, probe: None });
    }
}

fn answers() -> Vec<(&'static str, Value)> {
    vec![
        ("name", json!("Ada")),
        ("role", json!("designer")),
        ("takes_notes", json!(true)),
        ("tool", json!("app")),
        ("devices", json!(["phone"])),
        ("notes_a_week", json!(12)),
        ("last_time", json!("It was fine")),
        ("last_time~1", json!("I opened every notebook and the search gave me two hundred results")),
        ("priorities", json!(["finding", "speed", "privacy", "sharing"])),
        ("recommend", json!(9)),
    ]
}

#[test]
fn an_interview_has_eight_questions_and_more_a_branch_and_a_probe() {
    let (asked, end) = interview(&guide(), "en", &answers());
    let ids: Vec<&str> = asked.iter().map(|(id, _)| id.as_str()).collect();
    let expected = [
        "welcome",
        "name",
        "role",
        "takes_notes",
        "tool",
        "devices",
        "notes_a_week",
        "last_time",
        "last_time~1",
        "last_time~2",
        "priorities",
        "recommend",
        "started_on",
        "contact",
    ];
    assert_eq!((ids.as_slice(), end.as_str()), (expected.as_slice(), "thanks"));
    let text = |id: &str| asked.iter().find(|(asked, _)| asked == id).map(|(_, text)| text.as_str()).unwrap();
    assert!(text("role").contains("Nice to meet you, Ada."));
    assert!(text("recommend").ends_with("someone else in Design?"));
    assert!(text("last_time~2").starts_with("You mention searching."));
}

#[test]
fn paper_leads_past_the_screen_and_no_notes_lead_out() {
    let guide = guide();
    let mut given = answers();
    given[3].1 = json!("paper");
    given[9].1 = json!(4);
    let (asked, end) = interview(&guide, "de", &given);
    let ids: HashSet<&str> = asked.iter().map(|(id, _)| id.as_str()).collect();
    assert!(ids.contains("paper_reason") && ids.contains("missing") && !ids.contains("devices"), "{ids:?}");
    assert_eq!(end, "thanks");
    assert!(asked.iter().any(|(_, text)| text == "Sie haben 4 von 10 gegeben. Was müsste sich ändern?"));

    given[2].1 = json!(false);
    let (asked, end) = interview(&guide, "en", &given);
    assert_eq!((asked.len(), end.as_str()), (4, "screen_out"));
}

#[test]
fn every_supported_kind_but_consent_is_shown_and_consent_comes_first() {
    use QuestionKind::{
        Date, Email, LongText, MultiChoice, Number, Ranking, Rating, ShortText, SingleChoice, Statement,
        YesNo,
    };
    let guide = guide();
    let kinds: HashSet<QuestionKind> = guide
        .guide()
        .blocks
        .iter()
        .flat_map(|block| &block.questions)
        .map(|question| question.kind)
        .collect();
    for kind in [
        Statement,
        ShortText,
        LongText,
        Email,
        YesNo,
        SingleChoice,
        MultiChoice,
        Ranking,
        Rating,
        Number,
        Date,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    let variables = Map::new();
    let facts = Facts {
        seed: 1,
        locale: "de-CH",
        fallback_locale: "en",
        variables: &variables,
        consent: ConsentState::Pending,
        probes: &BTreeMap::new(),
        answers: &[],
    };
    let interview = Interview::new(&guide, facts);
    assert_eq!(interview.turn(), Turn::Consent { progress: 0.0 });
    assert_eq!(interview.consent_items().len(), 2);
    assert!(interview.intro().starts_with("Guten Tag, willkommen!"));
}
