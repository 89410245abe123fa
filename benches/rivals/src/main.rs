//! The decision of the built-in rules, for records with every answer that matters, in other ways: lines of JSON in,
//! product, outcome and scenario as lines of JSON out.
//!
//!     rivals limit|datalogic|zen records.jsonl > out.jsonl    (zen: build with --features zen)
//!
//! `limit` is a bare typed parse with the rules written by hand: what serde_json allows in practice.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

use serde::Deserialize;

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    product: Cow<'a, str>,
    answers: Answers,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum YesNo {
    Yes,
    No,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Charges {
    Free,
    NhsChargesOnly,
    OptionalExtras,
    SupplierCharges,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Live,
    InDevelopment,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Commission {
    NhsOrLocalAuthority,
    OtherBody,
    FrameworkOnly,
    None,
}

#[derive(Deserialize)]
struct Answers {
    gp_registered_patients: YesNo,
    nhs_services_in_england: YesNo,
    patient_facing: YesNo,
    health_or_care_benefit: YesNo,
    patient_charges: Charges,
    stage: Stage,
    native_verification: YesNo,
    commission: Commission,
    sponsor: YesNo,
}

fn by_hand(a: &Answers) -> (&'static str, &'static str) {
    let commissioned = a.commission == Commission::NhsOrLocalAuthority;
    let (scenario, met) = match (a.stage, a.native_verification, commissioned, a.sponsor) {
        (Stage::Live, YesNo::Yes, true, _) => ("1", true),
        (Stage::Live, YesNo::Yes, false, _) => ("2", false),
        (Stage::Live, YesNo::No, ..) => ("null", false),
        (Stage::InDevelopment, _, _, YesNo::Yes) => ("3", true),
        (Stage::InDevelopment, _, _, YesNo::No) => ("4", false),
    };
    let outcome = if (a.gp_registered_patients == YesNo::No && a.nhs_services_in_england == YesNo::No)
        || a.patient_facing == YesNo::No
        || a.health_or_care_benefit == YesNo::No
        || a.patient_charges == Charges::SupplierCharges
    {
        "does_not_meet"
    } else if !met || a.patient_charges == Charges::OptionalExtras {
        "needs_discussion"
    } else {
        "meets_criteria"
    };
    (outcome, scenario)
}

fn line(out: &mut impl Write, product: &str, outcome: &str, scenario: &str) -> io::Result<()> {
    out.write_all(b"{\"product\":")?;
    serde_json::to_writer(&mut *out, product)?;
    writeln!(out, ",\"outcome\":\"{outcome}\",\"scenario\":{scenario}}}")
}

/// The decision in JSONLogic. Gives the outcome and the scenario with a blank between them.
const JSON_LOGIC: &str = r#"{"cat": [
  {"if": [
    {"or": [
      {"and": [{"==": [{"var": "answers.gp_registered_patients"}, "no"]},
               {"==": [{"var": "answers.nhs_services_in_england"}, "no"]}]},
      {"==": [{"var": "answers.patient_facing"}, "no"]},
      {"==": [{"var": "answers.health_or_care_benefit"}, "no"]},
      {"==": [{"var": "answers.patient_charges"}, "supplier_charges"]}]}, "does_not_meet",
    {"or": [
      {"==": [{"var": "answers.patient_charges"}, "optional_extras"]},
      {"and": [{"==": [{"var": "answers.stage"}, "live"]},
               {"or": [{"==": [{"var": "answers.native_verification"}, "no"]},
                       {"!=": [{"var": "answers.commission"}, "nhs_or_local_authority"]}]}]},
      {"and": [{"==": [{"var": "answers.stage"}, "in_development"]},
               {"==": [{"var": "answers.sponsor"}, "no"]}]}]}, "needs_discussion",
    "meets_criteria"]},
  " ",
  {"if": [
    {"==": [{"var": "answers.stage"}, "live"]},
    {"if": [{"==": [{"var": "answers.native_verification"}, "no"]}, "null",
            {"==": [{"var": "answers.commission"}, "nhs_or_local_authority"]}, "1", "2"]},
    {"if": [{"==": [{"var": "answers.sponsor"}, "yes"]}, "3", "4"]}]}
]}"#;

/// The same as a graph of ZEN with two expressions.
#[cfg(feature = "zen")]
const ZEN: &str = r#"{"nodes": [
  {"id": "i", "type": "inputNode", "name": "in"},
  {"id": "e", "type": "expressionNode", "name": "decide", "content": {"expressions": [
    {"id": "1", "key": "outcome", "value": "(answers.gp_registered_patients == 'no' and answers.nhs_services_in_england == 'no') or answers.patient_facing == 'no' or answers.health_or_care_benefit == 'no' or answers.patient_charges == 'supplier_charges' ? 'does_not_meet' : (answers.patient_charges == 'optional_extras' or (answers.stage == 'live' and (answers.native_verification == 'no' or answers.commission != 'nhs_or_local_authority')) or (answers.stage == 'in_development' and answers.sponsor == 'no') ? 'needs_discussion' : 'meets_criteria')"},
    {"id": "2", "key": "scenario", "value": "answers.stage == 'live' ? (answers.native_verification == 'no' ? 'null' : (answers.commission == 'nhs_or_local_authority' ? '1' : '2')) : (answers.sponsor == 'yes' ? '3' : '4')"}
  ]}},
  {"id": "o", "type": "outputNode", "name": "out"}
], "edges": [
  {"id": "a", "sourceId": "i", "targetId": "e", "type": "edge"},
  {"id": "b", "sourceId": "e", "targetId": "o", "type": "edge"}
]}"#;

/// Only the name, for engines that read the rest themselves.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    product: Cow<'a, str>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(how), Some(path)) = (args.next(), args.next()) else { return Err("rivals HOW FILE".into()) };
    let mut reader = BufReader::with_capacity(1 << 17, File::open(path)?);
    let mut out = BufWriter::with_capacity(1 << 17, io::stdout().lock());
    let mut text = String::new();
    let mut next = |text: &mut String| -> io::Result<bool> {
        text.clear();
        Ok(reader.read_line(text)? > 0)
    };
    match how.as_str() {
        "limit" => {
            while next(&mut text)? {
                let record: Record = serde_json::from_str(&text)?;
                let (outcome, scenario) = by_hand(&record.answers);
                line(&mut out, &record.product, outcome, scenario)?;
            }
        }
        "datalogic" => {
            let engine = datalogic_rs::Engine::new();
            let logic = engine.compile(JSON_LOGIC).map_err(|error| error.to_string())?;
            let mut session = engine.session();
            while next(&mut text)? {
                let told = session.eval_str(&logic, text.as_str()).map_err(|error| error.to_string())?;
                let (outcome, scenario) = told.trim_matches('"').split_once(' ').ok_or("no blank")?;
                let named: Named = serde_json::from_str(&text)?;
                line(&mut out, &named.product, outcome, scenario)?;
                session.reset();
            }
        }
        #[cfg(feature = "zen")]
        "zen" => {
            let content: zen_engine::model::DecisionContent = serde_json::from_str(ZEN)?;
            let decision = zen_engine::DecisionEngine::default().create_decision(content.into())?;
            while next(&mut text)? {
                let value: serde_json::Value = serde_json::from_str(&text)?;
                let product = value["product"].as_str().unwrap_or_default().to_owned();
                let answer = futures::executor::block_on(decision.evaluate(value.into())).map_err(|e| e.to_string())?;
                let told: serde_json::Value = serde_json::from_str(&answer.result.to_string())?;
                let word = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
                line(&mut out, &product, &word("outcome"), &word("scenario"))?;
            }
        }
        _ => return Err("limit, datalogic or zen".into()),
    }
    out.flush()?;
    Ok(())
}
