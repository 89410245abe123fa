//! The decision as a drawing: questions, the answers on the lines between them, and the outcomes.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::diagram::{Decision, Diagrams, Given, Letter, Of, Ref};
use crate::rulebook::{Outcome, Rulebook};
use crate::style::clean;

/// A drawing, laid out once for every format.
#[derive(Debug)]
pub struct Graph {
    title: String,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Debug)]
struct Node {
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
    /// The decision of a rulebook, with the way these answers take marked. A missing answer leaves every way open.
    #[must_use]
    pub fn of(rulebook: &Rulebook, given: Option<&Given>) -> Self {
        let mut graph = Self { title: rulebook.title.clone(), nodes: Vec::new(), edges: Vec::new() };
        let mut numbers: HashMap<Ref, usize> = HashMap::new();
        let root = rulebook.outcome.root();
        graph.number(rulebook, root, &mut numbers);
        graph.nodes[numbers[&root]].on_the_way = given.is_some();
        let mut next = 0;
        let mut order = vec![root];
        while let Some(diagram) = order.get(next).copied() {
            next += 1;
            let Some((var, children)) = rulebook.diagrams.branch(diagram) else { continue };
            let from = numbers[&diagram];
            let mut ways: Vec<(Ref, Vec<Letter>)> = Vec::new();
            for (letter, child) in (0..).zip(children) {
                match ways.iter_mut().find(|(known, _)| known == child) {
                    Some((_, letters)) => letters.push(letter),
                    None => ways.push((*child, vec![letter])),
                }
            }
            let of = rulebook.diagrams.variables().all()[var].of;
            for (child, letters) in ways {
                if !numbers.contains_key(&child) {
                    graph.number(rulebook, child, &mut numbers);
                    order.push(child);
                }
                let to = numbers[&child];
                let taken = given.is_some_and(|given| given[var].is_none_or(|letter| letters.contains(&letter)));
                let label: Vec<String> = letters.iter().map(|letter| value(rulebook, of, *letter)).collect();
                let on_the_way = taken && graph.nodes[from].on_the_way;
                graph.edges.push(Edge { from, to, label: label.join(" or "), on_the_way });
                graph.nodes[to].on_the_way |= on_the_way;
            }
        }
        graph
    }

    fn number(&mut self, rulebook: &Rulebook, diagram: Ref, numbers: &mut HashMap<Ref, usize>) {
        numbers.insert(diagram, self.nodes.len());
        let branch = rulebook.diagrams.branch(diagram);
        let label = match branch {
            Some((var, _)) => asked(rulebook, rulebook.diagrams.variables().all()[var].of),
            None => {
                let outcome = Diagrams::value(Decision::<Outcome>::at(diagram)).unwrap_or(Outcome::Incomplete);
                rulebook.outcome_text(outcome).title.clone()
            }
        };
        self.nodes.push(Node { label, outcome: branch.is_none(), on_the_way: false });
    }

    /// As Mermaid, for Markdown pages.
    #[must_use]
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
    #[must_use]
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

/// What Mermaid would take for markup or for a directive, which it looks for inside texts too, as entities.
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

/// What a variable asks.
fn asked(rulebook: &Rulebook, of: Of) -> String {
    match of {
        Of::Question(question) | Of::Known(question) => rulebook.questions[question].prompt.clone(),
        Of::Chosen(question, option) => {
            let question = &rulebook.questions[question];
            format!("{} {}", question.prompt, question.options[option].label)
        }
        Of::Prepared(topic) => rulebook.topics[topic].title.clone(),
    }
}

/// A letter in words.
fn value(rulebook: &Rulebook, of: Of, letter: Letter) -> String {
    let words = match (of, letter) {
        (Of::Question(question), letter) => {
            let option = rulebook.questions[question].options.get(usize::from(letter));
            option.map_or("not sure", |option| option.label.as_str())
        }
        (Of::Known(_), 0) => "answered",
        (Of::Known(_), _) => "not sure",
        (Of::Chosen(..), 0) => "not chosen",
        (Of::Chosen(..), _) => "chosen",
        (Of::Prepared(_), 0) => "not prepared",
        (Of::Prepared(_), _) => "prepared",
    };
    words.to_owned()
}
