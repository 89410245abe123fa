//! What people get wrong in YAML, in answers files and in rule files: each slip is told as one problem, where it is, in
//! words that need no knowledge of the parser, with what to do.

mod support;

use std::fmt::Write as _;

use eligibility::answers;
use eligibility::intake::json::syntax_error;
use eligibility::problem::Problem;
use eligibility::rulebook::{self, RuleFiles, Rulebook};
use eligibility::yaml;

const ANSWERS: &str = "\
product: Fernhollow Video Visits
organisation: Fernhollow Ltd
answers:
  stage: live
  patient_facing: patients
  scopes: [openid, profile]
  deployment_area:
    - england
    - wales
  why_nhs_login: So that nobody needs another password
  commission:
    answer: framework_only
    note: Two practices are interested.
  login_use: repeat_sign_in
";

const CRITERIA: &str = "\
criteria:
  - id: narrow
    title: Is narrow enough
    met_when:
      wheels: two
    discuss_when: {wheels: three}
    otherwise: not_met
    says:
      met: It fits the rack on the left side of the ferry.
      to_discuss: Ask the crew.
      not_met: It is too wide.
      unknown: Count the wheels.
    notes:
      - when: {wheels: [two, three]}
        says: Bring a lock.
    source: {page: notice, section: Size}
    basis: published
";

type Changes = &'static [(&'static str, &'static str)];

struct Slip {
    what: &'static str,
    in_answers: Changes,
    in_rules: Changes,
}

const fn slip(what: &'static str, in_answers: Changes, in_rules: Changes) -> Slip {
    Slip { what, in_answers, in_rules }
}

const SLIPS: &[Slip] = &[
    slip("missing colon", &[("stage: live", "stage live")], &[("title: Is narrow", "title Is narrow")]),
    slip("missing colon first key", &[("product: ", "product ")], &[("id: narrow", "id narrow")]),
    slip("missing colon before block", &[("answers:", "answers")], &[("says:\n      met", "says\n      met")]),
    slip("missing colon last", &[("login_use: rep", "login_use rep")], &[("basis: pub", "basis pub")]),
    slip("missing colon key above list", &[("area:\n", "area\n")], &[("notes:", "notes")]),
    slip("missing colon in braces", &[], &[("{wheels: three}", "{wheels three}")]),
    slip("en dash item", &[("- wales", "– wales")], &[("- when", "– when")]),
    slip("em dash first item", &[("- england", "— england")], &[("- id: n", "— id: n")]),
    slip("bullet item", &[("- england", "• england"), ("- wales", "• wales")], &[("- when", "• when")]),
    slip("all dashes", &[("- england", "– england"), ("- wales", "– wales")], &[("- id: n", "– id: n")]),
    slip(
        "conflict",
        &[("  stage: live\n", "<<<<<<< HEAD\n  stage: live\n=======\n  stage: pilot\n>>>>>>> other\n")],
        &[(
            "    otherwise: not_met\n",
            "<<<<<<< HEAD\n    otherwise: not_met\n=======\n    otherwise: to_discuss\n>>>>>>> other\n",
        )],
    ),
    slip(
        "conflict top",
        &[("product: Fernhollow Video Visits\n", "<<<<<<< HEAD\nproduct: A\n=======\nproduct: B\n>>>>>>> other\n")],
        &[],
    ),
    slip(
        "conflict in list",
        &[("    - wales\n", "<<<<<<< HEAD\n    - wales\n=======\n    - scotland\n>>>>>>> other\n")],
        &[],
    ),
    slip(
        "conflict in text",
        &[],
        &[(
            "      unknown: Count the wheels.\n",
            "<<<<<<< HEAD\n      unknown: Count the wheels.\n=======\n      unknown: Count them.\n>>>>>>> x\n",
        )],
    ),
    slip(
        "conflict tail only",
        &[("  login_use: repeat_sign_in\n", "  login_use: repeat_sign_in\n>>>>>>> other\n")],
        &[("    basis: published\n", "    basis: published\n>>>>>>> other\n")],
    ),
    slip(
        "conflict middle only",
        &[("  login_use: repeat_sign_in\n", "=======\n  login_use: repeat_sign_in\n")],
        &[("    basis: published\n", "=======\n    basis: published\n")],
    ),
    slip("nbsp after colon", &[("stage: live", "stage:\u{a0}live")], &[("title: Is", "title:\u{a0}Is")]),
    slip("nbsp after hyphen", &[("- wales", "-\u{a0}wales")], &[("- when", "-\u{a0}when")]),
    slip("nbsp indentation", &[("  stage", "\u{a0}\u{a0}stage")], &[("    title", "\u{a0}\u{a0}\u{a0}\u{a0}title")]),
    slip(
        "nbsp indentation of nested",
        &[("    answer: f", "\u{a0}\u{a0}\u{a0}\u{a0}answer: f")],
        &[("      met:", "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}met:")],
    ),
    slip(
        "nbsp one in indentation item",
        &[("    - wales", "  \u{a0} - wales")],
        &[("      - when", "     \u{a0}- when")],
    ),
    slip(
        "nbsp end of value",
        &[("stage: live", "stage: live\u{a0}")],
        &[("otherwise: not_met", "otherwise: not_met\u{a0}")],
    ),
    slip(
        "nbsp before value after space",
        &[("stage: live", "stage: \u{a0}live")],
        &[("otherwise: not_met", "otherwise: \u{a0}not_met")],
    ),
    slip("nbsp in key", &[("stage: live", "stage\u{a0}: live")], &[("otherwise: not_met", "otherwise\u{a0}: not_met")]),
    slip(
        "zero width space",
        &[("stage: live", "stage: \u{200b}live")],
        &[("otherwise: not_met", "otherwise: \u{200b}not_met")],
    ),
    slip(
        "zero width in key",
        &[("  stage: live", "  \u{200b}stage: live")],
        &[("    otherwise: not_met", "    \u{200b}otherwise: not_met")],
    ),
    slip(
        "bom in middle",
        &[("  stage: live", "\u{feff}  stage: live")],
        &[("    otherwise: not_met", "\u{feff}    otherwise: not_met")],
    ),
    slip("tab indentation", &[("  stage", "\tstage")], &[("    title", "\ttitle")]),
    slip("tab indentation nested", &[("    answer", "\t\tanswer")], &[("      met:", "\t\tmet:")]),
    slip("tab before item", &[("    - wales", "\t- wales")], &[("      - when", "\t- when")]),
    slip("tab before first key", &[("  stage", "\t  stage")], &[("  - id", "\t- id")]),
    slip("tab in the middle of indentation", &[("    answer", " \t answer")], &[("      met:", "   \tmet:")]),
    slip("tab after indentation", &[("  stage", "  \tstage")], &[("    title", "    \ttitle")]),
    slip("smart quotes id", &[("stage: live", "stage: “live”")], &[("otherwise: not_met", "otherwise: “not_met”")]),
    slip("smart single quotes id", &[("stage: live", "stage: ‘live’")], &[("wheels: two", "wheels: ‘two’")]),
    slip(
        "smart quotes with colon",
        &[("note: Two pr", "note: “Two: pr"), ("interested.", "interested.”")],
        &[("met: It fits", "met: “It fits: well"), ("ferry.", "ferry.”")],
    ),
    slip("smart quotes on key", &[("stage: live", "“stage”: live")], &[]),
    slip("smart then straight", &[], &[("title: Is narrow enough", "title: \"Is narrow enough”")]),
    slip(
        "extra brace",
        &[("scopes: [openid, profile]", "scopes: [openid, profile]]")],
        &[("{wheels: three}", "{wheels: three}}")],
    ),
    slip(
        "extra bracket after value",
        &[("stage: live", "stage: live]")],
        &[("otherwise: not_met", "otherwise: not_met}")],
    ),
    slip("extra bracket line", &[("  login_use", "  ]\n  login_use")], &[("    basis", "    }\n    basis")]),
    slip("wrong bracket", &[("profile]", "profile}")], &[("{wheels: three}", "{wheels: three]")]),
    slip("bracket not closed", &[("profile]", "profile")], &[("{wheels: three}", "{wheels: three")]),
    slip("bracket not closed in source", &[], &[("section: Size}", "section: Size")]),
    slip("bracket not opened", &[("[openid", "openid")], &[("{wheels: three}", "wheels: three}")]),
    slip("inner bracket not closed", &[], &[("[two, three]", "[two, three")]),
    slip(
        "colon in value",
        &[("note: Two practices", "note: Important: two practices")],
        &[("title: Is", "title: Note: is")],
    ),
    slip("colon in list item", &[("- wales", "- wales: both")], &[("says: Bring a lock", "says: Bring: a lock")]),
    slip("colon in product", &[("product: Fern", "product: Fern: ")], &[]),
    slip(
        "colon at end of value",
        &[("note: Two practices are interested.", "note: Two practices are interested:")],
        &[("met: It fits the rack on the left side of the ferry.", "met: It fits the rack:")],
    ),
    slip("hash in list", &[("[openid, profile]", "[openid, #profile]")], &[]),
    slip(
        "value starts with @",
        &[("note: Two practices", "note: @Two practices")],
        &[("title: Is narrow", "title: @Is narrow")],
    ),
    slip(
        "value starts with %",
        &[("note: Two practices", "note: %Two practices")],
        &[("title: Is narrow", "title: %Is narrow")],
    ),
    slip(
        "value starts with `",
        &[("note: Two practices", "note: `Two practices")],
        &[("title: Is narrow", "title: `Is narrow")],
    ),
    slip(
        "value starts with *",
        &[("note: Two practices", "note: *Two practices")],
        &[("title: Is narrow", "title: *Is narrow")],
    ),
    slip(
        "value starts with &",
        &[("note: Two practices", "note: &Two practices")],
        &[("title: Is narrow", "title: &Is narrow")],
    ),
    slip(
        "value starts with !",
        &[("note: Two practices", "note: !Two practices")],
        &[("title: Is narrow", "title: !Is narrow")],
    ),
    slip(
        "value starts with |",
        &[("note: Two practices", "note: |Two practices")],
        &[("title: Is narrow", "title: |Is narrow")],
    ),
    slip(
        "value starts with >",
        &[("note: Two practices", "note: >Two practices")],
        &[("title: Is narrow", "title: >Is narrow")],
    ),
    slip(
        "value starts with ,",
        &[("note: Two practices", "note: ,Two practices")],
        &[("title: Is narrow", "title: ,Is narrow")],
    ),
    slip(
        "value starts with ]",
        &[("note: Two practices", "note: ]Two practices")],
        &[("title: Is narrow", "title: ]Is narrow")],
    ),
    slip(
        "value starts with }",
        &[("note: Two practices", "note: }Two practices")],
        &[("title: Is narrow", "title: }Is narrow")],
    ),
    slip(
        "value starts with [",
        &[("note: Two practices", "note: [Two practices")],
        &[("title: Is narrow", "title: [Is narrow")],
    ),
    slip(
        "value starts with {",
        &[("note: Two practices", "note: {Two practices")],
        &[("title: Is narrow", "title: {Is narrow")],
    ),
    slip(
        "value starts with \"- \"",
        &[("note: Two practices", "note: - Two practices")],
        &[("title: Is narrow", "title: - Is narrow")],
    ),
    slip(
        "value starts with \"* \"",
        &[("note: Two practices", "note: * Two practices")],
        &[("title: Is narrow", "title: * Is narrow")],
    ),
    slip(
        "value starts with \"& \"",
        &[("note: Two practices", "note: & Two practices")],
        &[("title: Is narrow", "title: & Is narrow")],
    ),
    slip(
        "value starts with \"! \"",
        &[("note: Two practices", "note: ! Two practices")],
        &[("title: Is narrow", "title: ! Is narrow")],
    ),
    slip(
        "value starts with \": \"",
        &[("note: Two practices", "note: : Two practices")],
        &[("title: Is narrow", "title: : Is narrow")],
    ),
    slip(
        "value starts with \"? \"",
        &[("note: Two practices", "note: ? Two practices")],
        &[("title: Is narrow", "title: ? Is narrow")],
    ),
    slip(
        "value starts with quoted word",
        &[("note: Two practices", "note: \"Two\" practices")],
        &[("title: Is narrow", "title: \"Is\" narrow")],
    ),
    slip(
        "value starts with apostrophe",
        &[("note: Two practices", "note: 'Tis two practices")],
        &[("title: Is narrow", "title: 'Tis narrow")],
    ),
    slip(
        "value starts with (brackets) text",
        &[("note: Two practices", "note: [Draft] two practices")],
        &[("title: Is narrow", "title: {draft} is narrow")],
    ),
    slip(
        "block scalar then same line text",
        &[("note: Two practices", "note: > Two practices")],
        &[("title: Is narrow", "title: | Is narrow")],
    ),
    slip(
        "block text not indented",
        &[("note: Two practices", "note: >\n    Two practices")],
        &[("met: It fits", "met: |\n      It fits")],
    ),
    slip(
        "block text less indented 2nd line",
        &[("note: Two practices are interested.", "note: >\n      Two practices\n    are interested.")],
        &[("met: It fits the", "met: |\n        It fits\n      the")],
    ),
    slip(
        "wrapped not indented",
        &[("note: Two practices are", "note: Two practices\n    are")],
        &[("met: It fits the rack on", "met: It fits the rack\n      on")],
    ),
    slip(
        "wrapped at col 0",
        &[("note: Two practices are", "note: Two practices\nare")],
        &[("met: It fits the rack on", "met: It fits the rack\non")],
    ),
    slip(
        "wrapped less indented",
        &[("note: Two practices are", "note: Two practices\n  are")],
        &[("met: It fits the rack on", "met: It fits the rack\n    on")],
    ),
    slip(
        "wrapped with colon",
        &[("note: Two practices are", "note: Two practices\n    are: fine")],
        &[("met: It fits the rack on", "met: It fits the rack\n      on: it")],
    ),
    slip("wrapped title not indented", &[], &[("title: Is narrow enough", "title: Is narrow\n    enough for all")]),
    slip("wrapped one word not indented", &[], &[("title: Is narrow enough", "title: Is narrow\n    enough")]),
    slip(
        "wrapped quoted less indented",
        &[("note: Two practices are interested.", "note: \"Two practices\n  are interested.\"")],
        &[("title: Is narrow enough", "title: \"Is narrow\n  enough\"")],
    ),
    slip(
        "wrapped in item",
        &[("- wales", "- wales\n    too")],
        &[("says: Bring a lock.", "says: Bring a\n        lock.")],
    ),
    slip("wrapped product", &[("product: Fernhollow Video Visits", "product: Fernhollow Video\nVisits")], &[]),
    slip("dq never closed", &[("stage: live", "stage: \"live")], &[("otherwise: not_met", "otherwise: \"not_met")]),
    slip("sq never closed", &[("stage: live", "stage: 'live")], &[("otherwise: not_met", "otherwise: 'not_met")]),
    slip(
        "dq never closed, later quotes",
        &[("stage: live", "stage: \"live"), ("note: Two practices are interested.", "note: \"Two practices\"")],
        &[("title: Is narrow", "title: \"Is narrow"), ("otherwise: not_met", "otherwise: \"not_met\"")],
    ),
    slip("dq never opened", &[("stage: live", "stage: live\"")], &[("otherwise: not_met", "otherwise: not_met\"")]),
    slip(
        "dq in list never closed",
        &[("[openid, profile]", "[\"openid, profile]")],
        &[("[two, three]", "[\"two, three]")],
    ),
    slip("quotes mixed", &[("stage: live", "stage: \"live'")], &[("otherwise: not_met", "otherwise: \"not_met'")]),
    slip(
        "apostrophe in sq",
        &[("note: Two practices are interested.", "note: 'It's free'")],
        &[("title: Is narrow enough", "title: 'It's narrow'")],
    ),
    slip(
        "dq in dq",
        &[("note: Two practices are interested.", "note: \"A \"real\" one\"")],
        &[("title: Is narrow enough", "title: \"A \"narrow\" one\"")],
    ),
    slip(
        "text behind quote",
        &[("note: Two practices are interested.", "note: \"A real\" one")],
        &[("title: Is narrow enough", "title: \"A narrow\" one")],
    ),
    slip(
        "windows path",
        &[("note: Two practices are interested.", "note: \"C:\\Users\\me\\contract.pdf\"")],
        &[("title: Is narrow enough", "title: \"C:\\Program Files\\x\"")],
    ),
    slip(
        "windows path trailing",
        &[("note: Two practices are interested.", "note: \"C:\\Docs\\\"")],
        &[("title: Is narrow enough", "title: \"C:\\Docs\\\"")],
    ),
    slip("windows unc", &[("note: Two practices are interested.", "note: \"\\\\server\\share\"")], &[]),
    slip(
        "bad escape",
        &[("note: Two practices are interested.", "note: \"Only 5\\% of it\"")],
        &[("title: Is narrow enough", "title: \"Only 5\\% of it\"")],
    ),
    slip("no blank after colon", &[("stage: live", "stage:live")], &[("title: Is narrow", "title:Is narrow")]),
    slip(
        "no blank after colon quoted",
        &[("product: Fernhollow Video Visits", "product:\"Fern\"")],
        &[("title: Is narrow enough", "title:\"Is narrow\"")],
    ),
    slip("no blank after colon in braces", &[], &[("{wheels: three}", "{wheels:three}")]),
    slip("no blank after colon list", &[("scopes: [", "scopes:[")], &[("discuss_when: {", "discuss_when:{")]),
    slip("no blank after hyphen", &[("- wales", "-wales")], &[("- when", "-when")]),
    slip(
        "no blank after hyphens",
        &[("- england", "-england"), ("- wales", "-wales")],
        &[("- id: narrow", "-id: narrow")],
    ),
    slip("equals sign", &[("stage: live", "stage = live")], &[("title: Is narrow", "title = Is narrow")]),
    slip("equals sign no blank", &[("stage: live", "stage=live")], &[("otherwise: not_met", "otherwise=not_met")]),
    slip("semicolon for colon", &[("stage: live", "stage; live")], &[("title: Is narrow", "title; Is narrow")]),
    slip("wide colon", &[("stage: live", "stage：live")], &[("title: Is narrow", "title：Is narrow")]),
    slip("double colon", &[("stage: live", "stage:: live")], &[]),
    slip("comma at end of line", &[("stage: live", "stage: live,")], &[("otherwise: not_met", "otherwise: not_met,")]),
    slip(
        "commas JSON",
        &[("stage: live", "\"stage\": \"live\",")],
        &[("otherwise: not_met", "\"otherwise\": \"not_met\",")],
    ),
    slip("semicolon end", &[("stage: live", "stage: live;")], &[("otherwise: not_met", "otherwise: not_met;")]),
    slip("missing comma in list", &[("[openid, profile]", "[openid profile]")], &[("[two, three]", "[two three]")]),
    slip("missing comma in braces", &[], &[("{page: notice, section: Size}", "{page: notice section: Size}")]),
    slip(
        "missing comma quoted",
        &[("[openid, profile]", "[\"openid\" \"profile\"]")],
        &[("[two, three]", "[\"two\" \"three\"]")],
    ),
    slip(
        "semicolon in list",
        &[("[openid, profile]", "[openid; profile]")],
        &[("{page: notice, section", "{page: notice; section")],
    ),
    slip("comma in list twice", &[("[openid, profile]", "[openid,, profile]")], &[("[two, three]", "[two,, three]")]),
    slip(
        "list without brackets",
        &[("[openid, profile]", "openid, profile")],
        &[("wheels: two", "wheels: two, three")],
    ),
    slip("indent too deep", &[("  stage", "   stage")], &[("    title", "     title")]),
    slip(
        "indent too deep 2nd",
        &[("  patient_facing", "    patient_facing")],
        &[("      to_discuss", "        to_discuss")],
    ),
    slip("indent too little", &[("  patient_facing", " patient_facing")], &[("      to_discuss", "     to_discuss")]),
    slip("indent none", &[("  patient_facing", "patient_facing")], &[("    otherwise", "otherwise")]),
    slip(
        "indent all none",
        &[("  stage", "stage"), ("  patient_facing", "patient_facing"), ("  scopes", "scopes")],
        &[],
    ),
    slip("indent nested too little", &[("    note", "  note")], &[("        says: Bring", "      says: Bring")]),
    slip("item too deep", &[("    - wales", "      - wales")], &[("      - when", "        - when")]),
    slip("second item less", &[("    - wales", "  - wales")], &[]),
    slip("second item less more", &[("    - wales", "   - wales")], &[]),
    slip("hyphen missing", &[("    - wales", "    wales")], &[("  - id", "    id")]),
    slip(
        "hyphen missing all",
        &[("    - england\n    - wales", "    england\n    wales")],
        &[("      - when", "        when")],
    ),
    slip("hyphen before key", &[("  stage", "  - stage")], &[]),
    slip("hyphen before every key", &[("  stage", "- stage"), ("  patient_facing", "- patient_facing")], &[]),
    slip("list and mapping", &[("    - wales", "    wales: yes")], &[("      - when", "      when")]),
    slip("value and block", &[("commission:\n", "commission: yes\n")], &[("says:\n      met", "says: yes\n      met")]),
    slip("value and list", &[("area:\n", "area: england\n")], &[("notes:\n", "notes: x\n")]),
    slip("comment //", &[("  stage", "  // the stage\n  stage")], &[("    title", "    // title\n    title")]),
    slip("comment /* */", &[("  stage", "  /* the stage */\n  stage")], &[("    title", "    /* title */\n    title")]),
    slip("comment --", &[("  stage", "  -- the stage\n  stage")], &[("    title", "    -- title\n    title")]),
    slip("comment ;", &[("  stage", "  ; the stage\n  stage")], &[("    title", "    ; title\n    title")]),
    slip(
        "comment //behind",
        &[("stage: live", "stage: live // x")],
        &[("otherwise: not_met", "otherwise: not_met // x")],
    ),
    slip(
        "comment # no blank",
        &[("stage: live", "stage: live# x")],
        &[("otherwise: not_met", "otherwise: not_met# x")],
    ),
    slip(
        "plain sentence",
        &[("  stage", "  This is what we said.\n  stage")],
        &[("    title", "    This is the title.\n    title")],
    ),
    slip(
        "plain sentence at top",
        &[("product:", "Answers of Fernhollow\nproduct:")],
        &[("criteria:", "The criteria\ncriteria:")],
    ),
    slip("markdown fence", &[("product:", "```yaml\nproduct:")], &[("criteria:", "```yaml\ncriteria:")]),
    slip("markdown bold key", &[("stage: live", "**stage**: live")], &[("title: Is", "**title**: Is")]),
    slip("backticks value", &[("stage: live", "stage: `live`")], &[("otherwise: not_met", "otherwise: `not_met`")]),
    slip("divider ---", &[("  stage", "---\n  stage")], &[("    title", "---\n    title")]),
    slip("divider ====", &[("product:", "======\nproduct:")], &[("criteria:", "======\ncriteria:")]),
    slip("divider ---- inside", &[("  stage", "  -----\n  stage")], &[("    title", "    -----\n    title")]),
    slip("ellipsis", &[("  login_use", "...\n  login_use")], &[("    basis", "...\n    basis")]),
    slip("percent top", &[("product:", "% comment\nproduct:")], &[]),
    slip(
        "answers as sentence",
        &[("stage: live", "stage: It is live: in 3 places")],
        &[("wheels: two", "wheels: it has: two")],
    ),
    slip("time", &[("note: Two", "note: 10:30 meeting: two")], &[]),
    slip("url", &[("note: Two practices are interested.", "note: https://x.org/a: see")], &[]),
    slip(
        "long line break after colon-key",
        &[("why_nhs_login: So", "why_nhs_login:\n  So")],
        &[("title: Is", "title:\n    Is")],
    ),
    slip("html", &[("note: Two", "note: <b>Two</b>: x")], &[]),
    slip("email start", &[("note: Two", "note: @fern: x")], &[]),
    slip(
        "answer with comma in braces",
        &[(
            "commission:\n    answer: framework_only\n    note: Two practices are interested.\n",
            "commission: {answer: framework_only, note: Two practices, not three}\n",
        )],
        &[("says: Bring a lock.", "says: {says: Bring a lock, and a key}")],
    ),
    slip(
        "colon in braces",
        &[(
            "commission:\n    answer: framework_only\n    note: Two practices are interested.\n",
            "commission: {answer: framework_only, note: Two: practices}\n",
        )],
        &[("says: Bring a lock.", "says: {says: Bring a lock: or a key}")],
    ),
    slip(
        "quote missing in braces",
        &[(
            "commission:\n    answer: framework_only\n    note: Two practices are interested.\n",
            "commission: {answer: framework_only, note: \"Two practices}\n",
        )],
        &[("says: Bring a lock.", "says: {says: \"Bring a lock}")],
    ),
    slip("brace lines", &[("answers:", "answers: {")], &[("says:\n      met", "says: {\n      met")]),
    slip("sub-bullet *", &[("- england", "* england"), ("- wales", "* wales")], &[("- when", "* when")]),
    slip("sub-bullet * one", &[("- wales", "* wales")], &[("- id: n", "* id: n")]),
    slip("plus item", &[("- wales", "+ wales")], &[("- when", "+ when")]),
    slip("numbered item", &[("- england", "1. england"), ("- wales", "2. wales")], &[("- when", "1. when")]),
    slip("non-breaking hyphen", &[("- wales", "\u{2011} wales")], &[("- when", "\u{2011} when")]),
    slip("minus sign", &[("- wales", "\u{2212} wales")], &[("- when", "\u{2212} when")]),
    slip("ellipsis char", &[("stage: live", "stage: …")], &[]),
    slip("key only", &[("stage: live", "stage")], &[("otherwise: not_met", "otherwise")]),
    slip("line sep", &[("  patient_facing", "\u{2028}  patient_facing")], &[("    title", "\u{2028}    title")]),
    slip("json in yaml", &[("product: Fernhollow Video Visits\n", "{\"product\": \"Fern\",\n")], &[]),
];

/// What the parser says by itself begins so. None of it helps anybody who does not know how it works.
const OF_THE_PARSER: [&str; 8] =
    ["while ", "simple key", "mapping ", "block ", "unexpected ", "misplaced", "invalid ", "did not find"];

#[test]
fn a_slip_is_one_problem_in_plain_words() {
    let built_in = Rulebook::builtin().expect("the built-in rules are sound");
    let ferry = RuleFiles { folder: "r".to_owned(), ..support::folder("tests/packs/bike_check") };
    let mut told = String::new();
    for slip in SLIPS {
        let _ = writeln!(told, "{}", slip.what);
        if !slip.in_answers.is_empty() {
            let found = answers::parse("a", changed(ANSWERS, slip.in_answers).as_bytes(), &built_in);
            tell(&mut told, slip, &found.err().unwrap_or_default());
        }
        if !slip.in_rules.is_empty() {
            let mut files = ferry.clone();
            files.files.insert("criteria.yaml".to_owned(), changed(CRITERIA, slip.in_rules).into_bytes().into());
            tell(&mut told, slip, &rulebook::read(&files).1);
        }
    }
    insta::assert_snapshot!(told);
}

/// A slip, words of its help, and the changes that the help asks for.
type Mended = (Changes, &'static str, Changes);

const NOTE: &str = "note: Two practices are interested.";

const MENDED_ANSWERS: &[Mended] = &[
    // Where a line belongs.
    (&[("answers:\n", "")], "write `answers:` at the beginning of a line", &[]),
    (
        &[("  commission:\n    answer: framework_only\n", "  commission: framework_only\n")],
        "write the answer as `answer: …` in a line of its own below its question",
        &[],
    ),
    (&[("    note:", "  note:")], "this line below it in the same column", &[]),
    (&[("    note:", "     note:")], "begin it in column 5 if it stands beside `answer`", &[]),
    (
        &[("    - wales\n", "    - wales\n    evidence: a letter\n")],
        "write the answer as `answer: …` in a line of its own below its question",
        &[("    - england\n    - wales\n", "    answer: [england, wales]\n    evidence: a letter\n")],
    ),
    // Something else in place of the colon.
    (&[("stage: live", "stage - live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage – live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage—live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage- live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage -> live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage => live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage :live")], "write `stage: live`", &[]),
    (&[("stage: live", "stage\tlive")], "write `stage: live`", &[]),
    (
        &[("product: Fernhollow Video Visits", "product – @Fernhollow")],
        "write `product: \"@Fernhollow\"`",
        &[("Fernhollow Video Visits", "\"@Fernhollow\"")],
    ),
    (
        &[("product: Fernhollow Video Visits", "product - The \"Visits\" # new")],
        "write `product: 'The \"Visits\" # new'`",
        &[("Fernhollow Video Visits", "'The \"Visits\" # new'")],
    ),
    (
        &[("product: Fernhollow Video Visits", "product:#1")],
        "write `product: \"#1\"`",
        &[("Fernhollow Video Visits", "\"#1\"")],
    ),
    // Where a text is needed.
    (&[(NOTE, "evidence: [a, b]")], "write one text in its place: `\"a; b\"`", &[(NOTE, "evidence: \"a; b\"")]),
    (
        &[(NOTE, "evidence:\n      - https://example.org/a\n      - \"the \\\"b\\\"\"")],
        "write one text in its place: `'https://example.org/a; the \"b\"'`",
        &[(NOTE, "evidence: 'https://example.org/a; the \"b\"'")],
    ),
    (
        &[(NOTE, "evidence:\n      Contract: signed in May")],
        "write one text in its place: `\"Contract: signed in May\"`",
        &[(NOTE, "evidence: \"Contract: signed in May\"")],
    ),
    (&[(NOTE, "note: 12")], "put it in quotation marks", &[(NOTE, "note: \"12\"")]),
    (
        &[("product: Fernhollow Video Visits", "product: {name: Visits}")],
        "write one text in its place: `\"Visits\"`",
        &[("Fernhollow Video Visits", "\"Visits\"")],
    ),
    (
        &[("organisation: Fernhollow Ltd", "organisation: [Fernhollow, Ltd]")],
        "write one text in its place: `\"Fernhollow; Ltd\"`",
        &[("Fernhollow Ltd", "\"Fernhollow; Ltd\"")],
    ),
    (
        &[("nhs_login: So that nobody needs another password", "nhs_login:\n    - One\n    - Two")],
        "write one text in its place: `\"One; Two\"`",
        &[("So that nobody needs another password", "\"One; Two\"")],
    ),
    // Comments that seem to be text.
    (
        &[(NOTE, "note: “Contract #12” signed")],
        "write `\"“Contract #12” signed\"`",
        &[(NOTE, "note: \"“Contract #12” signed\"")],
    ),
    (&[(NOTE, "note: “Contract #12”")], "write `\"Contract #12\"`", &[(NOTE, "note: \"Contract #12\"")]),
    (&[(NOTE, "note: #12, signed")], "write `\"#12, signed\"`", &[(NOTE, "note: \"#12, signed\"")]),
    (&[(NOTE, "note: C:\\users # 12")], "write `'C:\\users # 12'`", &[(NOTE, "note: 'C:\\users # 12'")]),
    (&[(NOTE, "note: It's # 12")], "or put two blanks before the comment", &[(NOTE, "note: It's  # 12")]),
    // Backslashes.
    (&[(NOTE, "note: \"C:\\users\\x\"")], "write `'C:\\users\\x'`", &[(NOTE, "note: 'C:\\users\\x'")]),
    (&[(NOTE, "note: \"C:\\Docs\\\"")], "write `'C:\\Docs\\'`", &[(NOTE, "note: 'C:\\Docs\\'")]),
    (&[(NOTE, "note: \"C:\\Users\\O'Hara\"")], "write `'C:\\Users\\O''Hara'`", &[(NOTE, "note: 'C:\\Users\\O''Hara'")]),
    (&[(NOTE, "note: \"It\\'s \\\"it\\\"\"")], "write `'It''s \"it\"'`", &[(NOTE, "note: 'It''s \"it\"'")]),
    (
        &[(NOTE, "note: \"In\n      C:\\Users\"")],
        "write `\\\\` for each `\\`",
        &[(NOTE, "note: \"In\n      C:\\\\Users\"")],
    ),
    // Apostrophes and quotation marks inside a text.
    (&[(NOTE, "note: 'The patients' app'")], "write `''` for an apostrophe", &[(NOTE, "note: 'The patients'' app'")]),
    (&[(NOTE, "note: 'The' app")], "put all of it in quotation marks", &[(NOTE, "note: 'The app'")]),
    (&[(NOTE, "note: 'It's free'")], "write it twice", &[(NOTE, "note: 'It''s free'")]),
    (&[(NOTE, "note: \"The \"best\" app\"")], "write `\\\"`", &[(NOTE, "note: \"The \\\"best\\\" app\"")]),
    // A text of several lines.
    (
        &[(NOTE, "note: \"Two practices\nare interested.\"")],
        "begin it, and what follows of the text, further to the right than `note`",
        &[(NOTE, "note: \"Two practices\n      are interested.\"")],
    ),
    (
        &[(NOTE, "note: 'Two practices\n    are\n\n    interested.'")],
        "begin it, and what follows of the text, further to the right than `note`",
        &[(NOTE, "note: 'Two practices\n     are\n\n     interested.'")],
    ),
    (
        &[("product: Fernhollow Video Visits", "product: \"Fernhollow\nVisits\"")],
        "begin it, and what follows of the text, further to the right than `product`",
        &[("Fernhollow Video Visits", "\"Fernhollow\n Visits\"")],
    ),
    // Values.
    (&[("patients", "patients,")], "did you mean `patients`?", &[]),
    (&[("patients", "patients;")], "did you mean `patients`?", &[]),
    (&[("patients", "patients.")], "did you mean `patients`?", &[]),
    (&[("patients", "“patients”.")], "did you mean `patients`?", &[]),
    (&[("stage: live", "stage: [live]")], "write one answer alone, such as `live`", &[]),
    (&[("stage: live", "stage:\n    - live")], "write one answer alone, such as `live`", &[]),
    (&[("[openid, profile]", "openid; profile")], "such as `[openid, profile]`", &[]),
    (&[("[openid, profile]", "email and phone")], "such as `[email, phone]`", &[("openid, profile", "email, phone")]),
    (
        &[("[openid, profile]", "[email; phone]")],
        "did you mean `email, phone`?",
        &[("openid, profile", "email, phone")],
    ),
    (&[("[openid, profile]", "[openid profile]")], "did you mean `openid, profile`?", &[]),
    (
        &[("stage: live", "stage: Live - but only for GPs")],
        "write `answer: live` and `note: \"but only for GPs\"` below `stage:`, each in a line of its own",
        &[(" live", "\n    answer: live\n    note: \"but only for GPs\"")],
    ),
    (
        &[("patients", "not sure (\"mostly\" patients)")],
        "write `answer: not_sure` and `note: '\"mostly\" patients'` below `patient_facing:`",
        &[(" patients", "\n    answer: not_sure\n    note: '\"mostly\" patients'")],
    ),
    (
        &[("answer: framework_only\n    note: Two", "answer: framework_only, since May\n    evidence: Two")],
        "write `answer: framework_only` and `note: \"since May\"` below `commission:`",
        &[("note: Two", "note: \"since May\"\n    evidence: Two")],
    ),
    (
        &[("stage: live", "stage: live // since May")],
        "write `answer: live` and `note: \"since May\"`",
        &[(" live", "\n    answer: live\n    note: \"since May\"")],
    ),
    (
        &[("[openid, profile]", "[openid, not_sure]")],
        "in place of the whole list",
        &[("[openid, profile]", "not_sure")],
    ),
    // Keys.
    (&[("stage:", "Is your product live, in a pilot, or in development?:")], "did you mean `stage`?", &[]),
    (&[("stage:", "\"IS YOUR PRODUCT live\":")], "did you mean `stage`?", &[]),
    (&[("  stage:", "  • stage:")], "did you mean `stage`?", &[]),
    (&[("  stage:", "  * stage:")], "or delete it in front of what is no item of a list", &[]),
    (&[("  stage:", "  1. stage:")], "did you mean `stage`?", &[]),
    // Comments of other languages.
    (
        &[("  stage:", "  // note: new\n  stage:")],
        "write `#` in front of it",
        &[("  stage:", "  # // note: new\n  stage:")],
    ),
    (
        &[("stage: live", "stage: \"live\" // new")],
        "write `#` in place of `//`",
        &[("stage: live", "stage: \"live\" # new")],
    ),
    // JSON in a file of YAML.
    (&[("[openid, profile]", "[\"openid\"; \"profile\"]")], "write a comma in its place", &[]),
    (&[("[openid, profile]", "[\"openid\"\n    \"profile\"]")], "write a comma", &[]),
    (&[("stage: live", "\"stage\": \"live\";")], "delete it", &[]),
    (
        &[(
            "commission:\n    answer: framework_only\n    note: Two practices are interested.",
            "commission: {\n    \"answer\": \"none\"\n    \"note\": x}",
        )],
        "write a comma behind this",
        &[(
            "commission:\n    answer: framework_only\n    note: Two practices are interested.",
            "commission: {\n    \"answer\": \"none\",\n    \"note\": x}",
        )],
    ),
];

const MENDED_RULES: &[Mended] = &[
    (
        &[("source: {page: notice, section: Size}", "source: notice")],
        "write its keys here, each with its value: `page`, `section`, `item`",
        &[],
    ),
    (
        &[("title: Is narrow enough", "title: {text: Is narrow enough}")],
        "write one text in its place: `\"Is narrow enough\"`",
        &[],
    ),
    (&[("title: Is narrow enough", "title - Is narrow enough")], "write `title: Is narrow enough`", &[]),
    // Where a line belongs.
    (
        &[("    discuss_when: {wheels: three}\n    otherwise", "   otherwise")],
        "begin it in column 5 if it stands beside `met_when`",
        &[("    discuss_when: {wheels: three}\n", "")],
    ),
    (
        &[("    basis: published\n", "    basis: published\n  id: broad\n")],
        "put `- ` in front of it to begin a new item",
        &[],
    ),
    (
        &[("title: Is narrow enough", "title: 'The cyclists' bicycle'")],
        "write `''` for an apostrophe",
        &[("title: Is narrow enough", "title: 'The cyclists'' bicycle'")],
    ),
    (&[("    title:", "\ttitle:")], "as many as the lines beside this one have", &[]),
];

/// A file in which a person does what the help says is read, and nothing is wrong with it.
#[test]
fn a_file_mended_as_the_help_says_is_read() {
    let built_in = Rulebook::builtin().expect("the built-in rules are sound");
    let ferry = RuleFiles { folder: "r".to_owned(), ..support::folder("tests/packs/bike_check") };
    let of_answers = |text: &str| match answers::parse("a", text.as_bytes(), &built_in) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    };
    let of_rules = |text: &str| {
        let mut files = ferry.clone();
        files.files.insert("criteria.yaml".to_owned(), text.to_owned().into_bytes().into());
        rulebook::read(&files).1
    };
    let mut wrong = String::new();
    let mut mended = |text: &str, of: &dyn Fn(&str) -> Vec<Problem>, all: &[Mended]| {
        for (slip, help, done) in all {
            let problems = of(&changed(text, slip));
            let said: Vec<String> = problems.iter().map(support::line).collect();
            let done: Vec<String> = of(&changed(text, done)).iter().map(support::line).collect();
            if said.len() != 1 || !said[0].contains(help) || !done.is_empty() {
                let _ = writeln!(wrong, "{help}\n  said {said:#?}\n  once done {done:#?}");
            }
        }
    };
    mended(ANSWERS, &of_answers, MENDED_ANSWERS);
    mended(CRITERIA, &of_rules, MENDED_RULES);
    assert!(wrong.is_empty(), "{wrong}");
}

/// In all rule files, each line that begins a blank too far to the left or to the right, or lacks its hyphen.
#[test]
fn a_line_in_a_wrong_column_is_told_where_it_belongs() {
    let (mut columns, mut hyphens, mut wrong) = (0, 0, String::new());
    for (name, bytes) in rulebook::builtin().files {
        let lines: Vec<&str> = std::str::from_utf8(&bytes).expect("UTF-8").lines().collect();
        let told = |at: usize, instead: &str| {
            let changed: Vec<&str> = [&lines[..at], &[instead], &lines[at + 1..]].concat();
            let problems = yaml::parse("r", changed.join("\n").as_bytes()).1;
            let of_line = |problem: &&Problem| problem.place.as_ref().is_some_and(|place| place.line() == at + 1);
            let hint = problems.iter().filter(|it| it.code.as_str() == "F004").find(of_line)?.hint.clone()?;
            (hint.contains("begin it in column") || hint.contains("in front of")).then_some(hint)
        };
        for (at, line) in lines.iter().enumerate() {
            let column = line.len() - line.trim_start_matches([' ', '-']).len() + 1;
            for shifted in [line.strip_prefix(' ').map(str::to_owned), Some(format!(" {line}"))] {
                let Some(hint) = shifted.and_then(|shifted| told(at, &shifted)) else { continue };
                columns += 1;
                if !format!("{hint} ").contains(&format!("column {column} ")) {
                    let _ = writeln!(wrong, "{name}:{}: column {column}, not {hint}", at + 1);
                }
            }
            if line.trim_start().starts_with("- ")
                && let Some(hint) = told(at, &line.replacen("- ", "", 1))
            {
                hyphens += 1;
                if !hint.contains("put `- ` in front of it") {
                    let _ = writeln!(wrong, "{name}:{}: a hyphen, not {hint}", at + 1);
                }
            }
        }
    }
    assert!(columns > 1 && hyphens > 1 && wrong.is_empty(), "{columns} columns, {hyphens} hyphens\n{wrong}");
}

const JSON: &str = r#"{"product": "A", "answers": {"stage": "live", "scopes": ["openid", "profile"]}}"#;

#[test]
fn a_file_of_json_mended_as_the_help_says_is_read() {
    let built_in = Rulebook::builtin().expect("the built-in rules are sound");
    let quotes = "write `\"` where a key or a text begins and where it ends";
    for (from, to, help, done) in [
        ("\"profile\"]", "\"profile\",]", "delete the comma before it", "\"profile\"]"),
        ("\"live\",", "\"live\", // now\n", "JSON has no comments: delete it", "\"live\",\n"),
        ("\"live\",", "\"live\", # now\n", "JSON has no comments: delete it", "\"live\",\n"),
        ("\"live\",", "\"live\"", "write a comma in front of it", "\"live\","),
        ("\"live\",", "\"live\";", "write `,` in its place", "\"live\","),
        ("\"stage\":", "\"stage\"", "write a colon in front of it", "\"stage\":"),
        ("\"stage\":", "\"stage\" =", "write `:` in its place", "\"stage\" :"),
        ("\"live\"", "'live'", quotes, "\"live\""),
        ("\"stage\"", "'stage'", quotes, "\"stage\""),
        ("\"A\"", "“A”", quotes, "\"A\""),
        ("\"live\"", "live", "put keys and texts in quotation marks", "\"live\""),
        ("\"live\"", "None", "only `true`, `false` and `null` have none", "null"),
        ("\"A\"", "\"C:\\users\"", "write `\\\\` for each `\\`", "\"C:\\\\users\""),
        ("\"A\"", "\"A\nB\"", "write `\\n` for a new line", "\"A\\nB\""),
        ("\"A\"", "\"A\tB\"", "`\\t` for a tab", "\"A\\tB\""),
        ("\"A\",", "\"A,\n", "end the text with a quotation mark in its line", "\"A\",\n"),
        ("]}}", "]}};", "delete what follows the last bracket", "]}}"),
        (" \"live\"", " \u{a0}\"live\"", "delete it", " \"live\""),
    ] {
        let problem = syntax_error("a.json", 1, JSON.replacen(from, to, 1).as_bytes()).expect(help);
        assert!(problem.hint.as_deref().is_some_and(|hint| hint.contains(help)), "{help}: {problem}");
        let done = JSON.replacen(from, done, 1);
        assert_eq!(syntax_error("a.json", 1, done.as_bytes()), None, "{help}");
        let read = answers::parse("a.json", done.as_bytes(), &built_in).map(|(_, warnings)| warnings);
        assert_eq!(read, Ok(Vec::new()), "{help}");
    }
}

/// What help says to write in a text in braces is JSON, too.
#[test]
fn help_about_values_of_json_is_json() {
    let built_in = Rulebook::builtin().expect("the built-in rules are sound");
    for (from, to, help, done) in [
        ("\"A\"", r#"["A", "the \"b\""]"#, r#"write one text in its place: `"A; the \"b\""`"#, r#""A; the \"b\"""#),
        ("\"A\"", "12", "put it in quotation marks", "\"12\""),
        ("\"A\"", "99999999999999999999", "put it in quotation marks", "\"99999999999999999999\""),
        ("\"A\"", "1e400", "put it in quotation marks", "\"1e400\""),
        ("\"A\"", r#""\ud800""#, r"both halves, as in `\ud83d\ude00`", r#""\ud83d\ude00""#),
        ("\"product\": \"A\", ", "", r#"add `"product":…`"#, "\"product\": \"A\", "),
        ("\"live\"", "{\"note\": \"x\"}", r#"add `"answer":…`"#, "{\"answer\": \"live\", \"note\": \"x\"}"),
        (
            "\"live\"",
            "\"Live - but only for \\\"GPs\\\"\"",
            r#"write `"answer":"live"` and `"note":"but only for \"GPs\""` below `stage:`, in braces"#,
            r#"{"answer":"live", "note":"but only for \"GPs\""}"#,
        ),
        (
            "[\"openid\", \"profile\"]",
            "\"openid; profile\"",
            r#"such as `["openid","profile"]`"#,
            "[\"openid\",\"profile\"]",
        ),
        ("{\"stage\": \"live\", \"scopes\": [\"openid\", \"profile\"]}", "null", r#"or `"answers":{}` if"#, "{}"),
        (
            "\"stage\": \"live\"",
            "\"answer\": \"live\"",
            "indent it below its question, in braces",
            "\"stage\": {\"answer\": \"live\"}",
        ),
        (
            "\"stage\": \"live\"",
            "\"stage\": \"live\", \"note\": \"x\"",
            "in a line of its own below its question, both in braces",
            "\"stage\": {\"answer\": \"live\", \"note\": \"x\"}",
        ),
    ] {
        let told = answers::parse("a.json", JSON.replacen(from, to, 1).as_bytes(), &built_in).expect_err(help);
        let [problem] = told.as_slice() else { panic!("{help}: {told:?}") };
        assert!(problem.hint.as_deref().is_some_and(|hint| hint.contains(help)), "{help}: {problem}");
        let read = answers::parse("a.json", JSON.replacen(from, done, 1).as_bytes(), &built_in);
        assert_eq!(read.map(|(_, warnings)| warnings), Ok(Vec::new()), "{help}");
    }
}

/// YAML itself knows no longer keys.
#[test]
fn a_key_that_is_too_long_is_told_to_be() {
    let built_in = Rulebook::builtin().expect("the built-in rules are sound");
    for (length, code) in [(1_000, "A001"), (1_023, "F008"), (5_000, "F008")] {
        let key = "k".repeat(length);
        for text in [JSON.replacen("stage", &key, 1), format!("product: A\nanswers:\n  \"{key}\": live\n")] {
            let problems = answers::parse("a", text.as_bytes(), &built_in).expect_err("an unknown key");
            assert!(problems.len() == 1 && problems[0].code.as_str() == code, "{length}: {problems:?}");
        }
    }
}

#[test]
fn all_tabs_that_indent_are_told_in_one_run() {
    const SOME: Changes = &[("  stage", "\tstage"), ("    answer", "\t\tanswer"), ("    - wales", "  \t- wales")];
    let built_in = Rulebook::builtin().expect("the built-in rules are sound");
    let told = |text: &str| {
        let problems = answers::parse("a", text.as_bytes(), &built_in).expect_err(text);
        problems.iter().map(support::line).collect::<Vec<_>>()
    };
    let text = ANSWERS.replace("  ", "\t");
    let all = told(&text);
    let in_order = all.iter().zip(4..).all(|(tab, line)| tab.starts_with(&format!("a:{line}:1 F004: there is a tab")));
    assert!(all.len() == 11 && in_order, "{all:#?}");
    assert!(answers::parse("a", text.replace('\t', "  ").as_bytes(), &built_in).is_ok(), "two blanks for each tab");
    let some = told(&changed(ANSWERS, SOME));
    assert!(some.len() == 3 && some[0].starts_with("a:4:1") && some[1].starts_with("a:9:3"), "{some:#?}");
}

fn changed(text: &str, changes: Changes) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn tell(told: &mut String, slip: &Slip, problems: &[Problem]) {
    let lines: Vec<String> = problems.iter().map(support::line).collect();
    let [problem] = problems else { panic!("{}: one problem, not {lines:#?}", slip.what) };
    let hint = problem.hint.as_deref().unwrap_or_default();
    assert!(!hint.is_empty(), "{}: {lines:?} says nothing of what to do", slip.what);
    assert!(OF_THE_PARSER.iter().all(|words| !problem.message.starts_with(words)), "{}: {lines:?}", slip.what);
    let _ = writeln!(told, "  {}", lines.concat());
}
