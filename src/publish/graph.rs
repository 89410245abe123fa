//! Draws the decision: questions and outcomes as nodes, answers on the edges.

use std::collections::HashMap;
use std::fmt::Write as _;

use askama::Template;

use crate::answers::quoted;
use crate::diagram::{Decision, Diagrams, PartialAssignment, Ref, TooIntricate, Value, Var, VarKind, Variable};
use crate::question::OptionSet;
use crate::report::as_it_is;
use crate::rulebook::{Outcome, Rulebook, labels};
use crate::style::clean;

/// The most bytes of all labels.
const MAX_CHARACTERS: usize = 2 << 20;

/// The most characters in a line of a label.
const LABEL_WIDTH: usize = 40;

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
        let mut asking = Asking { rulebook, diagrams: rulebook.diagrams.with_fresh_budget(), given };
        let mut graph = Self { title: rulebook.title.clone(), nodes: Vec::new(), edges: Vec::new() };
        let mut numbers: HashMap<Ref, usize> = HashMap::new();
        let root = rulebook.outcome.root();
        graph.number(&asking, root, &mut numbers);
        let mut next = 0;
        let mut order = vec![root];
        while let Some(diagram) = order.get(next).copied() {
            next += 1;
            let from = numbers[&diagram];
            for Branch { to: child, label, taken } in asking.ways(diagram)? {
                if !numbers.contains_key(&child) {
                    graph.number(&asking, child, &mut numbers);
                    order.push(child);
                }
                let to = numbers[&child];
                budget = budget.checked_sub(label.len() + graph.nodes[to].label.len() + 1).ok_or(TooIntricate)?;
                graph.edges.push(Edge { from, to, label, on_the_way: taken });
            }
        }
        graph.mark_the_way(given.is_some());
        Ok(graph)
    }

    /// Leaves the mark of an edge only where the way from the first node takes it.
    fn mark_the_way(&mut self, is_given: bool) {
        let mut open = if is_given { vec![0] } else { Vec::new() };
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut self.nodes[at].on_the_way, true) {
                // Edges come in the order of the nodes that they begin at.
                let first = self.edges.partition_point(|edge| edge.from < at);
                let from_here = self.edges[first..].iter().take_while(|edge| edge.from == at);
                open.extend(from_here.filter(|edge| edge.on_the_way).map(|edge| edge.to));
            }
        }
        for edge in &mut self.edges {
            edge.on_the_way &= self.nodes[edge.from].on_the_way;
        }
    }

    fn number(&mut self, asking: &Asking<'_>, diagram: Ref, numbers: &mut HashMap<Ref, usize>) {
        numbers.insert(diagram, self.nodes.len());
        let rulebook = asking.rulebook;
        let asked = asking.first(diagram).and_then(|var| asking.variable(var).question());
        let label = match asked {
            Some(question) => &rulebook.questions[question].prompt,
            None => {
                let outcome = Diagrams::constant_result(Decision::<Outcome>::at(diagram));
                &rulebook.outcome_text(outcome.unwrap_or(Outcome::Incomplete)).title
            }
        };
        self.nodes.push(GraphNode { label: label.clone(), outcome: asked.is_none(), on_the_way: false });
    }

    /// As Mermaid, for Markdown pages.
    pub fn mermaid(&self) -> String {
        as_it_is(&MermaidGraph { graph: self })
    }

    /// As DOT, for Graphviz.
    pub fn dot(&self) -> String {
        as_it_is(&DotGraph { graph: self })
    }
}

#[derive(Template)]
#[template(path = "graph.mmd", escape = "none")]
struct MermaidGraph<'g> {
    graph: &'g Graph,
}

#[derive(Template)]
#[template(path = "graph.dot", escape = "none")]
struct DotGraph<'g> {
    graph: &'g Graph,
}

/// A text between quotation marks of DOT.
fn dot(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// The same in lines. Graphviz breaks none, and prompts would make the drawing as wide as a wall.
fn dot_lines(text: &str) -> String {
    textwrap::wrap(text, LABEL_WIDTH).iter().map(|line| dot(line)).collect::<Vec<_>>().join("\\n")
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

/// A branch from one node to another.
struct Branch {
    to: Ref,
    label: String,
    taken: bool,
}

/// Options of one question that are drawn as one step, because they have the same target on one side.
struct Run {
    vars: Vec<Var>,
    labels: Vec<String>,
    end: Ref,
    /// Where the other side of the last leads.
    rest: Ref,
}

/// A decision as questions that a person can follow. In a diagram one may stand above what decides whether it is asked.
struct Asking<'r> {
    rulebook: &'r Rulebook,
    diagrams: Diagrams,
    given: Option<&'r PartialAssignment>,
}

impl Asking<'_> {
    fn variable(&self, var: Var) -> &Variable {
        &self.diagrams.variables().all()[var]
    }

    /// What is asked at a node: the first question of which it is settled whether it is asked.
    fn first(&self, diagram: Ref) -> Option<Var> {
        let (vars, left) = (self.diagrams.support(diagram), self.diagrams.questions(diagram));
        let is_settled = |var: &&Var| {
            let asked = self.variable(**var).question().and_then(|question| self.rulebook.ask_when[question].as_ref());
            asked.is_none_or(|(when, _)| !when.questions().iter().any(|question| left.contains(question)))
        };
        vars.iter().find(is_settled).or(vars.first()).copied()
    }

    /// The node that each of its answers leads to.
    fn children(&mut self, diagram: Ref, var: Var) -> Result<Vec<Ref>, TooIntricate> {
        let values = 0..self.variable(var).values;
        let mut child = |value| self.diagrams.cofactor(Decision::<Outcome>::at(diagram), var, value);
        values.map(|value| Ok(child(value)?.root())).collect()
    }

    fn is_given(&self, var: Var, value: Value) -> bool {
        self.given.is_some_and(|given| given[var].is_none_or(|given| given == value))
    }

    /// The branches of a node, one for each target. Options of one question with the same target are one step, so that a
    /// question with a dozen options is drawn once.
    fn ways(&mut self, diagram: Ref) -> Result<Vec<Branch>, TooIntricate> {
        let Some(var) = self.first(diagram) else { return Ok(Vec::new()) };
        let found = match self.variable(var).kind {
            VarKind::Question(question) => return self.answers(diagram, var, question),
            VarKind::Known(_) => {
                let children = self.children(diagram, var)?;
                let mut found = self.several(children[0])?;
                if found.is_empty() {
                    found.push(Branch { to: children[0], label: "answered".to_owned(), taken: true });
                }
                for way in &mut found {
                    way.taken &= self.is_given(var, 0);
                }
                let (label, taken) = ("not sure".to_owned(), self.is_given(var, 1));
                found.push(Branch { to: children[1], label, taken });
                found
            }
            // No outcome depends on a topic.
            VarKind::Chosen(..) | VarKind::Prepared(_) => self.several(diagram)?,
        };
        let mut ways: Vec<Branch> = Vec::new();
        for new in found {
            match ways.iter_mut().find(|way| way.to == new.to) {
                Some(way) => {
                    way.label = format!("{}; {}", way.label, new.label);
                    way.taken |= new.taken;
                }
                None => ways.push(new),
            }
        }
        Ok(ways)
    }

    /// The branches of a question with a single answer.
    fn answers(&mut self, diagram: Ref, var: Var, question: usize) -> Result<Vec<Branch>, TooIntricate> {
        let question = &self.rulebook.questions[question];
        let all = OptionSet::MAX >> (OptionSet::BITS as usize - question.options.len());
        let mut ways: Vec<(Branch, OptionSet)> = Vec::new();
        for (value, to) in (0..).zip(self.children(diagram, var)?) {
            let taken = self.is_given(var, value);
            let index = ways.iter().position(|(way, _)| way.to == to).unwrap_or_else(|| {
                ways.push((Branch { to, label: String::new(), taken }, 0));
                ways.len() - 1
            });
            let (way, options) = &mut ways[index];
            way.taken |= taken;
            if usize::from(value) < question.options.len() {
                *options |= 1 << value;
            } else {
                // It comes last.
                way.label.push_str("not sure");
            }
        }
        for (way, options) in ways.iter_mut().filter(|(_, options)| *options != 0) {
            let or = if way.label.is_empty() { "" } else { "; or " };
            way.label = format!("{}{or}{}", labels(question, *options, all), way.label);
        }
        Ok(ways.into_iter().map(|(way, _)| way).collect())
    }

    /// The two branches of a run of options, if there is one.
    fn several(&mut self, diagram: Ref) -> Result<Vec<Branch>, TooIntricate> {
        let (any, all) = (self.run(diagram, 1)?, self.run(diagram, 0)?);
        // The longer run makes the smaller drawing.
        let (run, side) = if any.vars.len() >= all.vars.len() { (any, 1) } else { (all, 0) };
        let words = match (run.vars.len(), side) {
            (0, _) => return Ok(Vec::new()),
            (1, _) => ["", "not: "],
            (_, 1) => ["any of: ", "none of: "],
            _ => ["not all of: ", "all of: "],
        };
        let [end, rest] = words.map(|words| format!("{words}{}", run.labels.join(", ")));
        let ends = run.vars.iter().any(|var| self.is_given(*var, side));
        let goes_on = run.vars.iter().all(|var| self.is_given(*var, 1 - side));
        Ok(vec![Branch { to: run.end, label: end, taken: ends }, Branch { to: run.rest, label: rest, taken: goes_on }])
    }

    /// The options from this node on that have the same target on one side.
    fn run(&mut self, diagram: Ref, side: Value) -> Result<Run, TooIntricate> {
        let mut run = Run { vars: Vec::new(), labels: Vec::new(), end: diagram, rest: diagram };
        let mut of = None;
        while let Some(var) = self.first(run.rest)
            && let VarKind::Chosen(question, option) = self.variable(var).kind
        {
            let children = self.children(run.rest, var)?;
            let end = children[usize::from(side)];
            if of.is_some_and(|before| before != (question, end)) {
                break;
            }
            of = Some((question, end));
            run.vars.push(var);
            run.labels.push(format!("“{}”", self.rulebook.questions[question].options[option].label));
            (run.end, run.rest) = (end, children[usize::from(1 - side)]);
        }
        Ok(run)
    }
}
