#!/usr/bin/env python3
"""Writes a large, invented rules folder: QUESTIONS with VALUES each, and RULES conditions spread over scenarios,
criteria and findings. The same arguments give the same folder.

    invent_rules.py FOLDER [QUESTIONS VALUES RULES]
"""

import json
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
count, width, rules = (int(arg) for arg in (sys.argv[2:5] or ("20", "4", "60")))
rng = random.Random(20)
grounds = {"source": {"page": "guide", "section": "All", "item": "line 1"}, "basis": "published"}
values = [f"v{value}" for value in range(width)]
questions = [f"q{index}" for index in range(count)]
says = {"met": "Met.", "to_discuss": "Discuss.", "not_met": "Not met.", "unknown": "Unknown."}


def test(ask):
    # The first value always serves, so that some product meets all criteria at once.
    return {ask: values[:1] + sorted(rng.sample(values[1:], rng.randint(0, width - 2)))}


def condition(asked, index):
    """Three questions, two of them alternatives."""
    first = asked[index % len(asked)]
    second, third = rng.sample([ask for ask in asked if ask != first], 2)
    return {"all": [test(first), {"any": [test(second), test(third)]}]}


# A third of the rules are scenarios: a decision tree over the first questions covers every product once.
def scenarios(wanted):
    leaves = [[]]
    while len(leaves) < wanted:
        path = leaves.pop(0)
        ask = questions[len(path)]
        cut = rng.randint(1, width - 1)
        leaves += [path + [{ask: values[:cut]}], path + [{ask: values[cut:]}]]
    return leaves


third = rules // 3
parts = {
    "manifest": {
        "format": 1, "id": "large", "title": "Large rules", "version": "1.0.0", "summary": "S.", "disclaimer": "D.",
        "sources": [{"id": "guide", "title": "Guide", "url": "https://example.org"}],
        "sections": {name: {"title": "T", "intro": "I."} for name in ("eligibility", "fit", "application", "go_live")},
    },
    "questions": {"questions": [
        {"id": ask, "section": "eligibility", "kind": "choice", "prompt": f"{ask}?",
         "options": [{"value": value, "label": value} for value in values], **grounds} for ask in questions]},
    "scenarios": {"scenarios": [
        {"id": f"s{index}", "title": "S", "when": {"all": path}, "criterion": rng.choice(["met", "to_discuss"]),
         "says": "S.", **grounds} for index, path in enumerate(scenarios(third))]},
    # Each criterion asks about questions that stand near each other, as real ones do.
    "criteria": {"criteria": [{"id": "decided", "title": "C", "decided_by": "scenarios", "says": says, **grounds}] + [
        {"id": f"c{index}", "title": "C", "met_when": condition(questions[start:start + 5], index), "otherwise": "not_met",
         "says": says, **grounds}
        for index in range(third) for start in [index * (count - 4) // third]]},
    "fit": {"findings": [
        {"id": f"f{index}", "kind": rng.choice(["blocker", "condition"]), "title": "F", "says": "F.", "not_sure": "F.",
         "when": condition(questions[start:start + 5], index), **grounds}
        for index in range(rules - 2 * third) for start in [index * (count - 4) // third]]},
    "application": {"topics": []},
    "go_live": {"obligations": []},
    "outcomes": {"outcomes": {name: {"title": "T", "meaning": "M.", "next_steps": []} for name in (
        "meets_criteria", "needs_discussion", "does_not_meet", "incomplete")}},
    "glossary": {"terms": []},
}
folder.mkdir(parents=True, exist_ok=True)
for name, part in parts.items():
    (folder / f"{name}.yaml").write_text(json.dumps(part, indent=1) + "\n")
