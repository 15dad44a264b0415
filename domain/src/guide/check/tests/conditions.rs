//! What a condition may ask.

use serde_json::{Value, json};

use super::{changed, faults};

#[test]
fn of_files_and_recordings_a_condition_asks_only_whether_and_how_many() {
    let op = |op: &str, args: Value| json!({"op": op, "args": args});
    let q = |id: &str| json!({ "q": id });
    let lit = |value: Value| json!({ "lit": value });
    let faults_of = |condition: Value| {
        let upload = |id: &str, kind: &str| json!({"id": id, "kind": kind, "text": "?"});
        faults(changed(&[
            ("/blocks/0/questions/-", upload("cv", "file")),
            ("/blocks/0/questions/-", upload("rec", "audio")),
            ("/blocks/0/questions/-", upload("film", "video")),
            ("/blocks/2/show_if", condition),
        ]))
    };
    for sound in [
        op("answered", json!([q("cv")])),
        op("not", json!([op("answered", json!([q("rec")]))])),
        op("answered", json!([q("film")])),
        op("ge", json!([op("count", json!([q("cv")])), lit(json!(2))])),
    ] {
        assert_eq!(faults_of(sound.clone()), [], "{sound}");
    }
    let at = |rest: &str| format!("/blocks/2/show_if{rest}");
    for (condition, pointer) in [
        (q("cv"), ""),
        (q("rec"), ""),
        (op("not", json!([q("film")])), "/args/0"),
        (op("eq", json!([q("cv"), lit(json!(true))])), "/args/1"),
        (op("ne", json!([lit(json!("x")), q("rec")])), "/args/1"),
        (op("eq", json!([q("cv"), q("cv")])), "/args/1"),
        (op("lt", json!([q("film"), lit(json!(3))])), "/args/1"),
        (op("gt", json!([op("len", json!([q("rec")])), lit(json!(3))])), "/args/0/args/0"),
        (op("gt", json!([op("count", json!([q("rec")])), lit(json!(1))])), "/args/0/args/0"),
        (op("contains", json!([q("cv"), lit(json!("upl_1"))])), "/args/1"),
        (op("contains", json!([q("name"), q("rec")])), "/args/1"),
        (op("in", json!([q("rec"), lit(json!(["a"]))])), "/args/1"),
        (op("in", json!([lit(json!("a")), q("cv")])), "/args/1"),
    ] {
        assert_eq!(faults_of(condition.clone()), [(at(pointer), "type_mismatch")], "{condition}");
    }
}
