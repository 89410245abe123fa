//! The decision of the built-in rules, for records with every answer that matters, in other ways: lines of JSON in,
//! product, outcome and scenario as lines of JSON out.
//!
//!     rivals limit|datalogic|zen records.jsonl > out.jsonl    (zen: build with --features zen)
//!     rivals workbook records.xlsx                            (only reads all cells, without a decision)
//!
//! `limit` is a bare typed parse with the rules written by hand: what serde_json allows in practice.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

use calamine::{DataType, Reader};
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
enum Users {
    Patients,
    CarersOnly,
    StaffOnly,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Charges {
    Free,
    NhsChargesOnly,
    FreeToNhsPatients,
    OptionalExtras,
    CouncilCharges,
    SupplierCharges,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Live,
    Pilot,
    InDevelopment,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Sponsor {
    NhsOrLocalAuthority,
    OwnOrganisation,
    None,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Commission {
    NhsOrLocalAuthority,
    UnderAnotherSupplier,
    OwnOrganisation,
    OtherBody,
    FrameworkOnly,
    None,
}

#[derive(Deserialize)]
struct Answers {
    gp_registered_patients: YesNo,
    nhs_services_in_england: YesNo,
    patient_facing: Users,
    health_or_care_benefit: YesNo,
    patient_charges: Charges,
    stage: Stage,
    native_verification: YesNo,
    commission: Commission,
    sponsor: Sponsor,
}

/// A pilot counts as live or as in development, and several other answers as one thing or another: where that matters,
/// there is something to discuss and no scenario is decided.
fn by_hand(a: &Answers) -> (&'static str, &'static str) {
    let while_live = a.native_verification == YesNo::Yes && a.commission == Commission::NhsOrLocalAuthority;
    let in_development = a.sponsor == Sponsor::NhsOrLocalAuthority;
    let (scenario, met) = match a.stage {
        Stage::Live => (live(a), while_live),
        Stage::InDevelopment => (developed(a.sponsor), in_development),
        Stage::Pilot => ("null", while_live && in_development),
    };
    let outcome = if (a.gp_registered_patients == YesNo::No && a.nhs_services_in_england == YesNo::No)
        || a.patient_facing == Users::StaffOnly
        || a.health_or_care_benefit == YesNo::No
        || a.patient_charges == Charges::SupplierCharges
    {
        "does_not_meet"
    } else if met
        && a.patient_facing == Users::Patients
        && matches!(a.patient_charges, Charges::Free | Charges::NhsChargesOnly)
    {
        "meets_criteria"
    } else {
        "needs_discussion"
    };
    (outcome, scenario)
}

fn live(a: &Answers) -> &'static str {
    match (a.native_verification, a.commission) {
        (YesNo::No, _) | (_, Commission::UnderAnotherSupplier | Commission::OwnOrganisation) => "null",
        (YesNo::Yes, Commission::NhsOrLocalAuthority) => "1",
        (YesNo::Yes, Commission::OtherBody | Commission::FrameworkOnly | Commission::None) => "2",
    }
}

fn developed(sponsor: Sponsor) -> &'static str {
    match sponsor {
        Sponsor::NhsOrLocalAuthority => "3",
        Sponsor::OwnOrganisation => "null",
        Sponsor::None => "4",
    }
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
      {"==": [{"var": "answers.patient_facing"}, "staff_only"]},
      {"==": [{"var": "answers.health_or_care_benefit"}, "no"]},
      {"==": [{"var": "answers.patient_charges"}, "supplier_charges"]}]}, "does_not_meet",
    {"or": [
      {"==": [{"var": "answers.patient_facing"}, "carers_only"]},
      {"in": [{"var": "answers.patient_charges"}, ["free_to_nhs_patients", "optional_extras", "council_charges"]]},
      {"and": [{"!=": [{"var": "answers.stage"}, "in_development"]},
               {"or": [{"==": [{"var": "answers.native_verification"}, "no"]},
                       {"!=": [{"var": "answers.commission"}, "nhs_or_local_authority"]}]}]},
      {"and": [{"!=": [{"var": "answers.stage"}, "live"]},
               {"!=": [{"var": "answers.sponsor"}, "nhs_or_local_authority"]}]}]}, "needs_discussion",
    "meets_criteria"]},
  " ",
  {"if": [
    {"==": [{"var": "answers.stage"}, "pilot"]}, "null",
    {"==": [{"var": "answers.stage"}, "live"]},
    {"if": [{"or": [{"==": [{"var": "answers.native_verification"}, "no"]},
                    {"in": [{"var": "answers.commission"}, ["under_another_supplier", "own_organisation"]]}]}, "null",
            {"==": [{"var": "answers.commission"}, "nhs_or_local_authority"]}, "1", "2"]},
    {"if": [{"==": [{"var": "answers.sponsor"}, "own_organisation"]}, "null",
            {"==": [{"var": "answers.sponsor"}, "nhs_or_local_authority"]}, "3", "4"]}]}
]}"#;

/// The same as a graph of ZEN with two expressions.
#[cfg(feature = "zen")]
const ZEN: &str = r#"{"nodes": [
  {"id": "i", "type": "inputNode", "name": "in"},
  {"id": "e", "type": "expressionNode", "name": "decide", "content": {"expressions": [
    {"id": "1", "key": "outcome", "value": "(answers.gp_registered_patients == 'no' and answers.nhs_services_in_england == 'no') or answers.patient_facing == 'staff_only' or answers.health_or_care_benefit == 'no' or answers.patient_charges == 'supplier_charges' ? 'does_not_meet' : (answers.patient_facing == 'carers_only' or answers.patient_charges in ['free_to_nhs_patients', 'optional_extras', 'council_charges'] or (answers.stage != 'in_development' and (answers.native_verification == 'no' or answers.commission != 'nhs_or_local_authority')) or (answers.stage != 'live' and answers.sponsor != 'nhs_or_local_authority') ? 'needs_discussion' : 'meets_criteria')"},
    {"id": "2", "key": "scenario", "value": "answers.stage == 'pilot' ? 'null' : (answers.stage == 'live' ? (answers.native_verification == 'no' or answers.commission in ['under_another_supplier', 'own_organisation'] ? 'null' : (answers.commission == 'nhs_or_local_authority' ? '1' : '2')) : (answers.sponsor == 'own_organisation' ? 'null' : (answers.sponsor == 'nhs_or_local_authority' ? '3' : '4')))"}
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
    let mut reader = BufReader::with_capacity(1 << 17, File::open(&path)?);
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
        "workbook" => {
            let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path)?;
            let sheet = book.sheet_names().first().ok_or("no sheet")?.clone();
            let mut cells = book.worksheet_cells_reader(&sheet)?;
            let mut letters = 0;
            while let Some(cell) = cells.next_cell()? {
                letters += cell.get_value().as_string().map_or(0, |text| text.len());
            }
            writeln!(out, "{letters}")?;
        }
        _ => return Err("limit, datalogic, zen or workbook".into()),
    }
    out.flush()?;
    Ok(())
}
