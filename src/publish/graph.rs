//! Draws the decision: questions and outcomes as nodes, answers on the edges.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::diagram::{Decision, Diagrams, PartialAssignment, Ref, TooIntricate, Value, Var, VarKind};
use crate::rulebook::{Outcome, Rulebook};
use crate::style::clean;

/// The most bytes of all labels.
const MAX_CHARACTERS: usize = 2 << 20;

/// A drawing, the same in every format.
#[derive(Debug)]
pub struct Graph {
    title: String,
    nodes: Vec<GraphNode>,
    edges: Vec<Edge>,
}

#[derive(Debug)]
struct GraphNode {
    label: String,
    outcome: bool,
    on_the_way: bool,
}

#[derive(Debug)]
struct Edge {
    from: usize,
    to: usize,
    label: String,
    on_the_way: bool,
}

impl Graph {
    /// The decision of a rulebook, with the path of these answers marked. A missing answer leaves every branch open.
    ///
    /// # Errors
    /// If it would be too large to look at.
    pub fn of(rulebook: &Rulebook, given: Option<&PartialAssignment>) -> Result<Self, TooIntricate> {
        let mut budget = MAX_CHARACTERS;
        let mut graph = Self { title: rulebook.title.clone(), nodes: Vec::new(), edges: Vec::new() };
        let mut numbers: HashMap<Ref, usize> = HashMap::new();
        let root = rulebook.outcome.root();
        graph.number(rulebook, root, &mut numbers);
        graph.nodes[numbers[&root]].on_the_way = given.is_some();
        let mut next = 0;
        let mut order = vec![root];
        while let Some(diagram) = order.get(next).copied() {
            next += 1;
            let from = numbers[&diagram];
            for Branch { to: child, label, taken } in ways(rulebook, diagram, given) {
                if !numbers.contains_key(&child) {
                    graph.number(rulebook, child, &mut numbers);
                    order.push(child);
                }
                let to = numbers[&child];
                budget = budget.checked_sub(label.len() + graph.nodes[to].label.len() + 1).ok_or(TooIntricate)?;
                let on_the_way = taken && graph.nodes[from].on_the_way;
                graph.edges.push(Edge { from, to, label, on_the_way });
                graph.nodes[to].on_the_way |= on_the_way;
            }
        }
        Ok(graph)
    }

    fn number(&mut self, rulebook: &Rulebook, diagram: Ref, numbers: &mut HashMap<Ref, usize>) {
        numbers.insert(diagram, self.nodes.len());
        let branch = rulebook.diagrams.branch(diagram);
        let label = match branch {
            Some((var, _)) => asked(rulebook, rulebook.diagrams.variables().all()[var].kind),
            None => {
                let outcome =
                    Diagrams::constant_result(Decision::<Outcome>::at(diagram)).unwrap_or(Outcome::Incomplete);
                rulebook.outcome_text(outcome).title.clone()
            }
        };
        self.nodes.push(GraphNode { label, outcome: branch.is_none(), on_the_way: false });
    }

    /// As Mermaid, for Markdown pages.
    pub fn mermaid(&self) -> String {
        let title = crate::answers::quoted(&clean(&self.title));
        let mut out = format!("---\ntitle: {}\n---\nflowchart TD\n", title.replace('%', "\\x25"));
        for (index, node) in self.nodes.iter().enumerate() {
            let (open, close) = if node.outcome { ("([", "])") } else { ("[", "]") };
            let _ = writeln!(out, "    n{index}{open}\"{}\"{close}", entities(&node.label));
        }
        for edge in &self.edges {
            let line = if edge.on_the_way { "==>" } else { "-->" };
            let _ = writeln!(out, "    n{} {line}|\"{}\"| n{}", edge.from, entities(&edge.label), edge.to);
        }
        let marked: Vec<String> =
            self.nodes.iter().enumerate().filter(|(_, node)| node.on_the_way).map(|(i, _)| format!("n{i}")).collect();
        if !marked.is_empty() {
            out.push_str("    classDef way stroke-width:4px\n");
            let _ = writeln!(out, "    class {} way", marked.join(","));
        }
        out
    }

    /// As DOT, for Graphviz.
    pub fn dot(&self) -> String {
        let quoted = |text: &str| clean(text).replace('\\', "\\\\").replace('"', "\\\"");
        let mut out = format!("digraph \"{}\" {{\n    node [shape=box];\n", quoted(&self.title));
        for (index, node) in self.nodes.iter().enumerate() {
            let shape = if node.outcome { ", shape=oval" } else { "" };
            let width = if node.on_the_way { ", penwidth=3" } else { "" };
            let _ = writeln!(out, "    n{index} [label=\"{}\"{shape}{width}];", quoted(&node.label));
        }
        for edge in &self.edges {
            let width = if edge.on_the_way { ", penwidth=3" } else { "" };
            let _ = writeln!(out, "    n{} -> n{} [label=\"{}\"{width}];", edge.from, edge.to, quoted(&edge.label));
        }
        out.push_str("}\n");
        out
    }
}

/// Escapes what Mermaid would take for markup or a directive, even in quoted text.
fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '#' | '&' | '"' | '<' | '>' | '%' | '`' | '\\' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

fn asked(rulebook: &Rulebook, of: VarKind) -> String {
    match of {
        VarKind::Question(question) | VarKind::Known(question) | VarKind::Chosen(question, _) => {
            rulebook.questions[question].prompt.clone()
        }
        VarKind::Prepared(topic) => rulebook.topics[topic].title.clone(),
    }
}

/// A branch from one node to another.
struct Branch {
    to: Ref,
    label: String,
    taken: bool,
}

/// The branches of a node, one for each target. Options of one question with the same target are one step, so that a
/// question with a dozen options is drawn once.
fn ways(rulebook: &Rulebook, diagram: Ref, given: Option<&PartialAssignment>) -> Vec<Branch> {
    let Some((var, children)) = rulebook.diagrams.branch(diagram) else { return Vec::new() };
    let of = rulebook.diagrams.variables().all()[var].kind;
    let is = |var: Var, value: Value| given.is_some_and(|given| given[var].is_none_or(|given| given == value));
    let found = match of {
        VarKind::Question(question) => return answers(rulebook, question, children, &|value| is(var, value)),
        VarKind::Prepared(_) => {
            vec![(children[0], "not prepared".to_owned(), is(var, 0)), (children[1], "prepared".to_owned(), is(var, 1))]
        }
        VarKind::Known(_) => {
            let mut found =
                several(rulebook, children[0], &is).unwrap_or_else(|| vec![(children[0], "answered".to_owned(), true)]);
            for (_, _, taken) in &mut found {
                *taken &= is(var, 0);
            }
            found.push((children[1], "not sure".to_owned(), is(var, 1)));
            found
        }
        VarKind::Chosen(..) => several(rulebook, diagram, &is).unwrap_or_default(),
    };
    let mut ways: Vec<Branch> = Vec::new();
    for (to, label, taken) in found {
        match ways.iter_mut().find(|way| way.to == to) {
            Some(way) => {
                way.label = format!("{}; {label}", way.label);
                way.taken |= taken;
            }
            None => ways.push(Branch { to, label, taken }),
        }
    }
    ways
}

/// The branches of a question with a single answer.
fn answers(rulebook: &Rulebook, question: usize, children: &[Ref], is: &dyn Fn(Value) -> bool) -> Vec<Branch> {
    let question = &rulebook.questions[question];
    let mut groups: Vec<(Ref, Vec<Value>)> = Vec::new();
    for (value, child) in (0..).zip(children) {
        match groups.iter_mut().find(|(known, _)| known == child) {
            Some((_, values)) => values.push(value),
            None => groups.push((*child, vec![value])),
        }
    }
    let whole = question.options.len() + usize::from(question.takes_not_sure());
    let way = |(to, values): (Ref, Vec<Value>)| {
        let word =
            |value: Value| question.options.get(usize::from(value)).map_or("not sure", |option| option.label.as_str());
        let left: Vec<Value> = (0..).take(whole).filter(|value| !values.contains(value)).collect();
        let list = |values: &[Value]| values.iter().map(|value| word(*value)).collect::<Vec<_>>().join("; ");
        let label = match (values.len(), left.len()) {
            (1, _) => list(&values),
            // A long list is easier to read as the few values that are not in it.
            (many, few) if many > 3 && few > 0 && few * 2 < many => format!("anything but: {}", list(&left)),
            _ => format!("any of: {}", list(&values)),
        };
        let taken = values.iter().any(|value| is(*value));
        Branch { to, label, taken }
    };
    groups.into_iter().map(way).collect()
}

/// The two branches of a run of options that have the same target if they are chosen, or the same target if not.
fn several(rulebook: &Rulebook, diagram: Ref, is: &dyn Fn(Var, Value) -> bool) -> Option<Vec<(Ref, String, bool)>> {
    let chosen = |diagram: Ref| {
        let (var, children) = rulebook.diagrams.branch(diagram)?;
        match rulebook.diagrams.variables().all()[var].kind {
            VarKind::Chosen(question, option) => Some((var, question, option, [children[0], children[1]])),
            _ => None,
        }
    };
    let (_, question, ..) = chosen(diagram)?;
    let run = |side: usize| {
        let (mut at, mut vars, mut labels, mut shared) = (diagram, Vec::new(), Vec::new(), None);
        while let Some((var, asked, option, children)) = chosen(at) {
            let (ends, goes_on) = (children[side], children[1 - side]);
            if asked != question || shared.is_some_and(|shared| shared != ends) {
                break;
            }
            shared = Some(ends);
            vars.push(var);
            labels.push(rulebook.questions[question].options[option].label.as_str());
            at = goes_on;
        }
        (shared.unwrap_or(at), at, vars, labels.join("; "))
    };
    // The longer run makes the smaller drawing.
    let (any, all) = (run(1), run(0));
    Some(if any.2.len() >= all.2.len() {
        let (end, rest, vars, labels) = any;
        let some = vars.iter().any(|var| is(*var, 1));
        let none = vars.iter().all(|var| is(*var, 0));
        let [with, without] = if vars.len() == 1 { ["", "not: "] } else { ["any of: ", "none of: "] };
        vec![(end, format!("{with}{labels}"), some), (rest, format!("{without}{labels}"), none)]
    } else {
        let (end, rest, vars, labels) = all;
        let every = vars.iter().all(|var| is(*var, 1));
        let lacks = vars.iter().any(|var| is(*var, 0));
        vec![(rest, format!("all of: {labels}"), every), (end, format!("not all of: {labels}"), lacks)]
    })
}
