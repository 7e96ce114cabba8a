//! Which variables there are, and what may be done with each.
//!
//! This is the part of Rust's move and borrow checking that keeps bodies compiling: a variable is initialised, or not, or
//! on some paths only; it may be borrowed by an operand that was evaluated before (frozen) or mutably so (locked).

/// The types of variables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ty {
    Int,
    Bool,
    Guard,
    /// `Option<Guard>`.
    Maybe,
    Pair,
    Text,
    Buffer,
    Source,
    /// An array of numbers, long enough to be held in place.
    Numbers,
    Record,
    /// A closure from a number to a number; its type has no name.
    Closure,
    /// The receiver of a method.
    Me,
}

impl Ty {
    /// As it is written.
    pub(super) fn name(self) -> &'static str {
        match self {
            Ty::Int => "i64",
            Ty::Bool => "bool",
            Ty::Guard => "Guard",
            Ty::Maybe => "Option<Guard>",
            Ty::Pair => "Pair",
            Ty::Text => "String",
            Ty::Buffer => "Buffer",
            Ty::Source => "Source",
            Ty::Numbers => "[i64; 32]",
            Ty::Record => "Record",
            Ty::Closure => "_",
            Ty::Me => "Me",
        }
    }

    /// Whether a use by value leaves it where it is.
    pub(super) fn is_copy(self) -> bool {
        matches!(self, Ty::Int | Ty::Bool | Ty::Numbers)
    }
}

/// Whether a variable holds a value here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Init,
    /// Declared, and assigned on no path.
    Uninit,
    Moved,
    /// Initialised on some paths only.
    Unsure,
}

impl State {
    fn join(self, other: State) -> State {
        if self == other { self } else { State::Unsure }
    }
}

/// One variable.
pub(super) struct Var {
    pub(super) name: String,
    pub(super) ty: Ty,
    pub(super) mutable: bool,
    /// How many loops are around its declaration.
    pub(super) loop_depth: usize,
    state: State,
    frozen: u32,
    locked: u32,
}

/// The states of all variables at one point; `None` where no path leads.
pub(super) type Flow = Option<Vec<State>>;

/// The variables in scope, outermost first, shadowed ones included.
#[derive(Default)]
pub(super) struct Scope {
    vars: Vec<Var>,
    dead: bool,
    /// How many loops are around this point.
    pub(super) loop_depth: usize,
    /// Variables declared in at least so many loops may be moved: all of this iteration's, or more where control leaves.
    pub(super) move_floor: usize,
}

impl Scope {
    /// Declares a variable that holds a value.
    pub(super) fn declare(&mut self, name: &str, ty: Ty, mutable: bool) {
        self.declare_as(name, ty, mutable, State::Init);
    }

    /// Declares a variable without a value.
    pub(super) fn declare_uninit(&mut self, name: &str, ty: Ty, mutable: bool) {
        self.declare_as(name, ty, mutable, State::Uninit);
    }

    fn declare_as(&mut self, name: &str, ty: Ty, mutable: bool, state: State) {
        let loop_depth = self.loop_depth;
        self.vars.push(Var { name: name.to_owned(), ty, mutable, loop_depth, state, frozen: 0, locked: 0 });
    }

    /// How many variables there are: a mark to go back to.
    pub(super) fn mark(&self) -> usize {
        self.vars.len()
    }

    /// Ends the scope of everything declared after `mark`.
    pub(super) fn close(&mut self, mark: usize) {
        self.vars.truncate(mark);
    }

    /// The variable.
    pub(super) fn var(&self, index: usize) -> &Var {
        &self.vars[index]
    }

    /// Whether no path leads here.
    pub(super) fn is_dead(&self) -> bool {
        self.dead
    }

    /// Says that control has left.
    pub(super) fn die(&mut self) {
        self.dead = true;
    }

    fn visible(&self, ty: Ty, may: impl Fn(&Var) -> bool) -> Vec<usize> {
        let shown =
            |index: usize| !self.vars[index + 1..].iter().any(|later| later.name == self.vars[index].name);
        let fits = |index: &usize| self.vars[*index].ty == ty && may(&self.vars[*index]) && shown(*index);
        (0..self.vars.len()).filter(fits).collect()
    }

    /// Those that can be read or borrowed.
    pub(super) fn readable(&self, ty: Ty) -> Vec<usize> {
        self.visible(ty, |var| var.state == State::Init && var.locked == 0)
    }

    /// Those that can be used by value.
    pub(super) fn movable(&self, ty: Ty) -> Vec<usize> {
        if ty.is_copy() {
            return self.readable(ty);
        }
        let floor = self.move_floor;
        self.visible(ty, |var| {
            var.state == State::Init && var.frozen == 0 && var.locked == 0 && var.loop_depth >= floor
        })
    }

    /// Those of which a mutable borrow can be made.
    pub(super) fn lendable(&self, ty: Ty) -> Vec<usize> {
        self.visible(ty, |var| var.state == State::Init && var.mutable && var.frozen == 0 && var.locked == 0)
    }

    /// Those that can be assigned: mutable ones, and those that have no value yet.
    pub(super) fn assignable(&self, ty: Ty) -> Vec<usize> {
        let depth = self.loop_depth;
        self.visible(ty, |var| {
            let free = var.frozen == 0 && var.locked == 0;
            free && (var.mutable || (var.state == State::Uninit && var.loop_depth == depth))
        })
    }

    /// Uses the variable by value.
    pub(super) fn take(&mut self, index: usize) {
        if !self.vars[index].ty.is_copy() {
            self.vars[index].state = State::Moved;
        }
    }

    /// Gives the variable a value.
    pub(super) fn assign(&mut self, index: usize) {
        self.vars[index].state = State::Init;
    }

    /// Borrowed by an operand, until [`Scope::thaw`].
    pub(super) fn freeze(&mut self, index: usize) {
        self.vars[index].frozen += 1;
    }

    /// The borrow of [`Scope::freeze`] is over.
    pub(super) fn thaw(&mut self, index: usize) {
        self.vars[index].frozen -= 1;
    }

    /// Mutably borrowed by an operand, until [`Scope::unlock`].
    pub(super) fn lock(&mut self, index: usize) {
        self.vars[index].locked += 1;
    }

    /// The borrow of [`Scope::lock`] is over.
    pub(super) fn unlock(&mut self, index: usize) {
        self.vars[index].locked -= 1;
    }

    /// The states here, of the variables before `mark`.
    pub(super) fn flow(&self, mark: usize) -> Flow {
        (!self.dead).then(|| self.vars[..mark].iter().map(|var| var.state).collect())
    }

    /// Goes back to these states, as at the start of another branch.
    pub(super) fn restore(&mut self, flow: &Flow) {
        self.dead = flow.is_none();
        for (var, state) in self.vars.iter_mut().zip(flow.iter().flatten()) {
            var.state = *state;
        }
    }

    /// Where another path meets this one.
    pub(super) fn join(&mut self, other: &Flow) {
        let here = self.flow(self.vars.len());
        self.restore(&join(here, other));
    }
}

/// Where two paths meet.
pub(super) fn join(one: Flow, other: &Flow) -> Flow {
    match (one, other) {
        (Some(one), Some(other)) => {
            let joined =
                |(index, state): (usize, &State)| other.get(index).map_or(*state, |o| state.join(*o));
            Some(one.iter().enumerate().map(joined).collect())
        }
        (one, other) => one.or_else(|| other.clone()),
    }
}
