//! Which variables there are, and what may be done with each.
//!
//! This is the part of Rust's move and borrow checking that keeps bodies compiling: a variable is initialised, or not, or
//! on some paths only; it may be borrowed by an operand that was evaluated before (frozen) or mutably so (locked), or by
//! other variables (its holders) until these are let go.

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
    /// `Vec<Guard>`, never empty.
    List,
    /// `RefCell<Guard>`.
    Cell,
    Lock,
    /// `&Guard`; from here on each borrows something.
    Shared,
    /// `&mut Guard`.
    Mutable,
    /// `&i64`.
    Seen,
    /// `&mut i64`.
    Counter,
    /// `&[Guard]`.
    Slice,
    /// `&mut [Guard]`.
    Slots,
    /// `&[i64]`.
    Digits,
    /// Looks at a guard in its destructor.
    Reader,
    /// Changes a guard in its destructor.
    Marker,
    /// What a cell gives to look at.
    Inside,
    /// What a cell or a lock gives to change.
    Opened,
    /// An iterator of `&Guard`.
    Iter,
    /// An iterator of `&mut Guard`.
    IterMut,
    /// A closure from a number to a number that looks at what it borrows.
    Looks,
    /// One that changes it.
    Changes,
    /// A future of a number.
    Later,
    /// A child that was called and not delegated to yet.
    Called,
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
            Ty::List => "Vec<Guard>",
            Ty::Cell => "std::cell::RefCell<Guard>",
            Ty::Lock => "Lock",
            Ty::Shared => "&Guard",
            Ty::Mutable => "&mut Guard",
            Ty::Seen => "&i64",
            Ty::Counter => "&mut i64",
            Ty::Slice => "&[Guard]",
            Ty::Slots => "&mut [Guard]",
            Ty::Digits => "&[i64]",
            Ty::Reader => "Reader<'_>",
            Ty::Marker => "Marker<'_>",
            Ty::Inside | Ty::Opened | Ty::Iter | Ty::IterMut => "_",
            Ty::Looks | Ty::Changes | Ty::Later | Ty::Called => "_",
        }
    }

    /// Whether a use by value leaves it where it is.
    pub(super) fn is_copy(self) -> bool {
        let borrow = matches!(self, Ty::Shared | Ty::Seen | Ty::Slice | Ty::Digits);
        borrow || matches!(self, Ty::Int | Ty::Bool | Ty::Numbers)
    }

    /// Whether what it borrows is used when it is dropped, as far as rustc knows.
    fn drops(self) -> bool {
        matches!(self, Ty::Reader | Ty::Marker | Ty::Inside | Ty::Opened | Ty::Later | Ty::Called)
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
    /// Which variables it borrows, by way of others too.
    lent: Vec<Lent>,
    /// Which child it is a call of.
    note: usize,
}

impl Var {
    /// Whether what it borrows is still borrowed.
    fn holds(&self) -> bool {
        self.state == State::Init || (self.state == State::Unsure && self.ty.drops())
    }
}

/// A variable that another one borrows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Lent {
    pub(super) owner: usize,
    pub(super) mutably: bool,
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
        self.vars.push(Var {
            name: name.to_owned(),
            ty,
            mutable,
            loop_depth,
            state,
            frozen: 0,
            locked: 0,
            lent: Vec::new(),
            note: 0,
        });
    }

    /// Declares a variable that borrows these, and what they borrow themselves.
    pub(super) fn declare_holder(&mut self, name: &str, ty: Ty, mutable: bool, lent: &[Lent]) {
        let lent = self.all_lent(lent);
        self.declare(name, ty, mutable);
        self.vars.last_mut().expect("it was declared").lent = lent;
    }

    /// Says which child the last variable is a call of.
    pub(super) fn set_note(&mut self, child: usize) {
        self.vars.last_mut().expect("it was declared").note = child;
    }

    /// See [`Scope::set_note`].
    pub(super) fn note(&self, index: usize) -> usize {
        self.vars[index].note
    }

    /// Whether neither a variable nor an operand borrows it.
    pub(super) fn is_free(&self, index: usize) -> bool {
        let var = &self.vars[index];
        !self.is_borrowed(index) && var.frozen == 0 && var.locked == 0
    }

    fn all_lent(&self, lent: &[Lent]) -> Vec<Lent> {
        let beyond = lent.iter().flat_map(|lent| &self.vars[lent.owner].lent);
        lent.iter().chain(beyond).copied().collect()
    }

    /// What this variable borrows: what a copy of it borrows too.
    pub(super) fn lent_to(&self, index: usize) -> Vec<Lent> {
        self.vars[index].lent.clone()
    }

    /// Whether a variable borrows this one, and whether it does so mutably.
    fn borrowed(&self, index: usize) -> (bool, bool) {
        let holders = self.vars.iter().filter(|var| var.holds());
        let of_it = holders.flat_map(|var| &var.lent).filter(|lent| lent.owner == index);
        of_it.fold((false, false), |(_, mutably), lent| (true, mutably || lent.mutably))
    }

    fn is_borrowed(&self, index: usize) -> bool {
        self.borrowed(index).0
    }

    /// The holders that can be named here, each with what it borrows.
    pub(super) fn holders(&self) -> Vec<(usize, Vec<Lent>)> {
        let here = |index: &usize| self.is_shown(*index) && self.vars[*index].state == State::Init;
        let holders = (0..self.vars.len()).filter(here).filter(|index| !self.vars[*index].lent.is_empty());
        holders.map(|index| (index, self.vars[index].lent.clone())).collect()
    }

    /// The holders that need not be used again.
    pub(super) fn releasable(&self) -> Vec<usize> {
        let floor = self.move_floor;
        let may = |var: &Var| {
            let idle = var.frozen == 0 && var.locked == 0 && var.loop_depth >= floor;
            idle && !var.lent.is_empty() && var.state == State::Init && !var.ty.drops()
        };
        (0..self.vars.len()).filter(|index| may(&self.vars[*index])).collect()
    }

    /// Says that a holder isn't used again.
    pub(super) fn release(&mut self, index: usize) {
        self.vars[index].state = State::Moved;
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

    pub(super) fn is_shown(&self, index: usize) -> bool {
        !self.vars[index + 1..].iter().any(|later| later.name == self.vars[index].name)
    }

    fn visible(&self, ty: Ty, may: impl Fn(&Var) -> bool) -> Vec<usize> {
        let fits =
            |index: &usize| self.vars[*index].ty == ty && may(&self.vars[*index]) && self.is_shown(*index);
        (0..self.vars.len()).filter(fits).collect()
    }

    /// Those of them that no other variable borrows.
    fn free(&self, of: Vec<usize>) -> Vec<usize> {
        of.into_iter().filter(|index| !self.is_borrowed(*index)).collect()
    }

    /// Those that can be read or borrowed.
    pub(super) fn readable(&self, ty: Ty) -> Vec<usize> {
        let there = self.visible(ty, |var| var.state == State::Init && var.locked == 0);
        there.into_iter().filter(|index| !self.borrowed(*index).1).collect()
    }

    /// Those that can be used by value.
    pub(super) fn movable(&self, ty: Ty) -> Vec<usize> {
        if ty.is_copy() {
            return self.readable(ty);
        }
        let floor = self.move_floor;
        self.free(self.visible(ty, |var| {
            var.state == State::Init && var.frozen == 0 && var.locked == 0 && var.loop_depth >= floor
        }))
    }

    /// Those of which a mutable borrow can be made.
    pub(super) fn lendable(&self, ty: Ty) -> Vec<usize> {
        self.free(
            self.visible(ty, |var| {
                var.state == State::Init && var.mutable && var.frozen == 0 && var.locked == 0
            }),
        )
    }

    /// Those of which what they refer to can be borrowed mutably.
    pub(super) fn exclusive(&self, ty: Ty) -> Vec<usize> {
        self.free(self.visible(ty, |var| var.state == State::Init && var.frozen == 0 && var.locked == 0))
    }

    /// Those that can be assigned: mutable ones, and those that have no value yet.
    pub(super) fn assignable(&self, ty: Ty) -> Vec<usize> {
        let depth = self.loop_depth;
        self.free(self.visible(ty, |var| {
            let free = var.frozen == 0 && var.locked == 0;
            free && (var.mutable || (var.state == State::Uninit && var.loop_depth == depth))
        }))
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
