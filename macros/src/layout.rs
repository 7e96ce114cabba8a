//! What each state is called and what it holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use quote::format_ident;
use syn::Ident;

use crate::flow::{Flow, Need};
use crate::groups::{self, Groups};
use crate::in_place::InPlace;
use crate::input::{Function, mixed};
use crate::lend::Lends;
use crate::names::{Names, VarId};
use crate::segments::{Entry, Program, SegmentId};
use crate::shadows;
use crate::suspension::Wait;

/// A variable in a state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Field {
    pub(crate) var: VarId,
    pub(crate) kept: Kept,
}

/// How a variable is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Kept {
    Value,
    /// Only to be dropped.
    Held,
    /// Only to be dropped, if it is there at all.
    Flagged,
}

impl Field {
    pub(crate) fn is_value(self) -> bool {
        self.kept == Kept::Value
    }
}

/// One state.
pub(crate) struct State {
    pub(crate) name: Ident,
    /// In order of declaration.
    pub(crate) fields: Vec<Field>,
    /// What comes back from the awaited future.
    pub(crate) returned: Vec<Field>,
    /// What goes into the awaited future and may have a destructor, in order of declaration.
    pub(crate) captured: Vec<VarId>,
    /// What is declared anew.
    pub(crate) declared: Vec<VarId>,
    /// Which of the machine's delegates it waits for, from 1, or of those of its group.
    pub(crate) delegate: Option<usize>,
    /// The future borrows, or has temporaries: it is an `async` block around the operand.
    pub(crate) wrapped: bool,
}

/// How the machine is put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One enum holds all states.
    Plain,
    /// Arguments, suspensions and jumps are types of their own: a delegate lies beside the second.
    Delegating,
}

pub(crate) struct Layout {
    pub(crate) shape: Shape,
    pub(crate) states: HashMap<SegmentId, State>,
    pub(crate) delegates: usize,
    /// The parts of a step of many states.
    pub(crate) groups: Option<Groups>,
    /// The type parameter of each field.
    pub(crate) params: BTreeMap<Field, Ident>,
    /// The name that each variable is shown under, where it isn't the user's own.
    pub(crate) shown: HashMap<VarId, String>,
    /// The variables that some state or future holds.
    pub(crate) stored: BTreeSet<VarId>,
    /// The variables that no state holds: the step captures them.
    pub(crate) in_place: InPlace,
    pub(crate) has_jumps: bool,
    pub(crate) holds: bool,
}

pub(crate) fn lay_out(
    function: &Function,
    program: &Program,
    flow: &Flow,
    lends: &Lends,
    in_place: InPlace,
    names: &Names,
) -> Layout {
    let mut numbers = HashMap::new();
    let mut states = HashMap::new();
    let groups = groups::divide(function, program, names);
    let (mut delegates, mut beside) = (0, HashMap::new());
    for id in &program.order {
        let entry = program.get(*id).entry;
        let kind = match entry {
            Entry::Start => "Start",
            Entry::Resume(Wait::Yield) => "Yield",
            Entry::Resume(Wait::YieldFrom) => "YieldFrom",
            Entry::Resume(Wait::Call) => "Call",
            Entry::Resume(Wait::Await) => "Await",
            Entry::Resume(Wait::Item) => "Item",
            Entry::Loop => "Loop",
            Entry::After => "After",
        };
        let number = numbers.entry(kind).or_insert(0);
        *number += 1;
        let name = if entry == Entry::Start {
            format_ident!("Start", span = mixed())
        } else {
            format_ident!("{kind}{number}", span = mixed())
        };
        let waits = groups::waits(program, *id);
        delegates += usize::from(waits);
        let number = beside.entry(groups.as_ref().map(|groups| groups.of(*id))).or_insert(0);
        *number += usize::from(waits);
        let mut state = state(*id, name, waits.then_some(*number), program, flow, lends, names);
        state.fields.retain(|field| !in_place.contains_key(&field.var));
        state.declared.retain(|var| !in_place.contains_key(var));
        states.insert(*id, state);
    }
    let shape = if function.is_polled() || function.is_recursive() || delegates > 0 {
        Shape::Delegating
    } else {
        Shape::Plain
    };
    let params = type_params(program, &states, names);
    let has_jumps =
        program.order.iter().any(|id| matches!(program.get(*id).entry, Entry::Loop | Entry::After));
    let fields = states.values().flat_map(|state| state.fields.iter().chain(&state.returned));
    let stored = fields.map(|field| field.var).collect();
    let holds = states
        .values()
        .any(|state| state.fields.iter().chain(&state.returned).any(|field| !field.is_value()));
    let shown = shadows::rename(program, &states, &in_place, names);
    Layout { shape, states, delegates, groups, params, shown, stored, in_place, has_jumps, holds }
}

fn state(
    id: SegmentId,
    name: Ident,
    delegate: Option<usize>,
    program: &Program,
    flow: &Flow,
    lends: &Lends,
    names: &Names,
) -> State {
    let segment = program.get(id);
    let lend = lends.get(&id);
    let rest = program.rests.get(&id);
    let mut state = State {
        name,
        fields: Vec::new(),
        returned: Vec::new(),
        captured: Vec::new(),
        declared: Vec::new(),
        delegate,
        wrapped: lend.is_some(),
    };
    for var in &segment.scope {
        let need = if segment.entry == Entry::Start { Need::Value } else { flow.need(names, id, *var) };
        let lent = lend.is_some_and(|lend| lend.lent.contains(var));
        if lent && !names.get(*var).glue.is_none() {
            state.captured.push(*var);
        }
        let comes_back = lent || rest.is_some_and(|rest| rest.var == *var);
        let to = if comes_back { &mut state.returned } else { &mut state.fields };
        match need {
            Need::Value => to.push(Field { var: *var, kept: Kept::Value }),
            // A temporary of the awaited operand ends with it.
            Need::Held | Need::Flagged if lent && names.get(*var).spent => {}
            Need::Held => to.push(Field { var: *var, kept: Kept::Held }),
            Need::Flagged => {
                to.push(Field { var: *var, kept: Kept::Flagged });
                if flow.is_replaced(program, names, id, *var) {
                    state.declared.push(*var);
                }
            }
            Need::Declared => state.declared.push(*var),
            Need::Nothing => {}
        }
    }
    state
}

/// `total` has the parameter `Total`.
fn type_params(
    program: &Program,
    states: &HashMap<SegmentId, State>,
    names: &Names,
) -> BTreeMap<Field, Ident> {
    let mut taken = BTreeSet::new();
    let mut params = BTreeMap::new();
    for id in &program.order {
        for field in &states[id].fields {
            params.entry(*field).or_insert_with(|| {
                let stem = camel_case(&names.get(field.var).shown.to_string());
                let mut name = stem.clone();
                let mut number = 2;
                while !taken.insert(name.clone()) {
                    name = format!("{stem}{number}");
                    number += 1;
                }
                format_ident!("{name}", span = mixed())
            });
        }
    }
    params
}

fn camel_case(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let mut camel = String::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let mut chars = word.chars();
        camel.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(chars.as_str());
    }
    if camel.is_empty() || camel == "Self" || !camel.starts_with(char::is_alphabetic) {
        camel.insert(0, 'T');
    }
    camel
}
