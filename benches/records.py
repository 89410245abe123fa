#!/usr/bin/env python3
"""Invents records: the same for the same number and seed.

    benches/records.py 100000 > records.jsonl
    benches/records.py 100000 --format csv > records.csv
    benches/records.py 10000 --format xlsx > records.xlsx
    benches/records.py 300 --format yaml --folder enquiries

Each question is answered with each of its values alike, is `not_sure` once in twelve times and missing once in eight;
the texts of the application are there half of the time. `--complete` leaves nothing missing or unsure.
"""
import argparse
import csv
import json
import pathlib
import random
import sys
import zipfile
from xml.sax.saxutils import escape

YES_NO = ["yes", "no"]
QUESTIONS = {
    "stage": ["live", "live", "pilot", "in_development", "in_development"],
    "gp_registered_patients": YES_NO,
    "nhs_services_in_england": YES_NO,
    "patient_facing": ["patients", "patients", "carers_only", "staff_only"],
    "health_or_care_benefit": ["yes", "yes", "yes", "no"],
    "patient_charges": [
        "free", "free", "free", "nhs_charges_only", "free_to_nhs_patients", "optional_extras", "council_charges",
        "supplier_charges",
    ],
    "native_verification": YES_NO,
    "sponsor": ["nhs_or_local_authority", "own_organisation", "none"],
    "commission": [
        "nhs_or_local_authority", "nhs_or_local_authority", "under_another_supplier", "own_organisation", "other_body",
        "framework_only", "none",
    ],
    "login_use": ["repeat_sign_in", "repeat_sign_in", "repeat_sign_in", "one_off_gp_credentials", "other"],
    "clinical_authorisation": YES_NO,
    "im1_status": ["live_direct", "live_third_party", "not_live", "none"],
    "data_location": ["uk_only", "includes_outside_uk"],
    "authentication_level": ["basic", "strong"],
    "dcb3051_read": YES_NO,
    "commission_evidence": ["nhs_or_local_authority_contract", "social_care_contract", "none"],
}
SEVERAL = {
    "scopes": ["email", "phone", "profile", "gp_integration_credentials"],
    "deployment_area": ["england", "wales", "scotland", "northern_ireland"],
    "identity_level": ["low", "medium", "high"],
    "other_nhs_apis": ["im1_pfs", "pds_fhir", "other"],
}
TEXTS = {
    "product_overview": "Lets people order their repeat medicines and see when they are ready to collect.",
    "why_nhs_login": "People sign in many times a year and should not need one more password.",
    "timescale_to_live": "September 2027",
    "commissioning_discussions": "Talking to two integrated care boards since spring.",
}
FIRST = ["Fern", "Hazel", "Birch", "Moor", "Brook", "Ash", "Clover", "Heron", "Larch", "Thistle"]
SECOND = ["hollow", "field", "bank", "mere", "ton", "wick", "dale", "gate"]
WHAT = ["Prescriptions", "Video Visits", "Health Diary", "Appointments", "Results", "Care Plan", "Sleep Coach"]


def record(number, draw, complete):
    answers = {}
    for question, values in QUESTIONS.items():
        chance = draw.random()
        if complete or chance > 5 / 24:
            answers[question] = draw.choice(values)
        elif chance < 1 / 12 and question != "dcb3051_read":
            answers[question] = "not_sure"
    for question, values in SEVERAL.items():
        if complete or draw.random() > 1 / 8:
            answers[question] = draw.sample(values, draw.randint(1, 3))
    if complete or draw.random() < 1 / 2:
        answers.update(TEXTS)
    name = f"{draw.choice(FIRST)}{draw.choice(SECOND)} {draw.choice(WHAT)} {number}"
    return {"product": name, "organisation": name.split()[0] + " Health (invented)", "answers": answers}


def rows(records):
    """A header and a row for each record."""
    ids = [*QUESTIONS, *SEVERAL, *TEXTS]
    yield ["product", "organisation", *ids]
    for each in records:
        cells = (each["answers"].get(question, "") for question in ids)
        cells = (";".join(cell) if isinstance(cell, list) else cell for cell in cells)
        yield [each["product"], each["organisation"], *cells]


def workbook(table, out):
    """A workbook as spreadsheets write it: each text once, and cells that name it by its number."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    texts, lines = {}, []
    for number, row in enumerate(table, 1):
        columns = (chr(65 + index) if index < 26 else f"A{chr(39 + index)}" for index in range(len(row)))
        cells = ((column, texts.setdefault(text, len(texts))) for column, text in zip(columns, row) if text)
        lines.append(f'<row r="{number}">' + "".join(f'<c r="{c}{number}" t="s"><v>{v}</v></c>' for c, v in cells) + "</row>")
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Records" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="{len(texts)}" uniqueCount="{len(texts)}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--format", choices=["jsonl", "csv", "xlsx", "yaml"], default="jsonl")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--complete", action="store_true")
    given = parser.parse_args()
    draw = random.Random(given.seed)
    records = (record(number, draw, given.complete) for number in range(1, given.count + 1))
    if given.format == "jsonl":
        for each in records:
            sys.stdout.write(json.dumps(each, separators=(",", ":")) + "\n")
    elif given.format == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows(records))
    elif given.format == "xlsx":
        workbook(rows(records), sys.stdout.buffer)
    else:
        given.folder.mkdir(parents=True, exist_ok=True)
        for number, each in enumerate(records, 1):
            lines = [f"product: {each['product']}", f"organisation: {each['organisation']}", "answers:"]
            for question, value in each["answers"].items():
                value = f"[{', '.join(value)}]" if isinstance(value, list) else value
                lines.append(f"  {question}: {value}")
            if not each["answers"]:
                lines[-1] = "answers: {}"
            (given.folder / f"enquiry-{number:05}.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
