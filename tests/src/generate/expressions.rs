//! Values of each type. Operands are written in the order in which Rust evaluates them, since each may move variables.

use super::body::{Ret, Writer};
use super::scope::Ty;

/// The forms of a number.
#[derive(Clone, Copy)]
enum Int {
    Leaf,
    Effect,
    Suspend,
    Delegate,
    Call,
    Operator,
    OfGuard,
    Consume,
    Peek,
    Temporary,
    Named,
    Aggregate,
    OfBool,
    Fallible,
    Closure,
    Text,
    Lend,
    Listed,
    Place,
    Range,
    Leave,
    Through,
    Branch,
}

/// The forms of a guard.
#[derive(Clone, Copy)]
enum Guarded {
    Leaf,
    Pass,
    Either,
    Swap,
    Unwrap,
    Fallible,
    Delegate,
    Branch,
}

impl Writer {
    /// A value of the type.
    pub(super) fn value(&mut self, ty: Ty) -> String {
        match ty {
            Ty::Int => self.int(),
            Ty::Bool => self.boolean(),
            Ty::Guard => self.guard(),
            Ty::Maybe => self.maybe(),
            Ty::Pair => self.pair(),
            Ty::Text => self.text(),
            Ty::Buffer => format!("buffer({})", self.int()),
            Ty::Source => format!("source({})", self.int()),
            Ty::Numbers => self.numbers(),
            Ty::Record => self.record(),
            Ty::List => self.list(),
            Ty::Cell => format!("cell({})", self.guard()),
            Ty::Lock => format!("lock({})", self.guard()),
            _ => unreachable!("no value of that type is asked for"),
        }
    }

    /// Runs `write` one level deeper, at the cost of one from the budget.
    pub(super) fn deeper<T>(&mut self, write: impl FnOnce(&mut Writer) -> T) -> T {
        self.budget = self.budget.saturating_sub(1);
        self.depth += 1;
        let text = write(self);
        self.depth -= 1;
        text
    }

    /// A variable of the type used by value, if there is one.
    pub(super) fn moved(&mut self, ty: Ty) -> Option<String> {
        let index = self.one_of(self.scope.movable(ty))?;
        self.scope.take(index);
        Some(self.scope.var(index).name.clone())
    }

    /// A choice, if there is any.
    pub(super) fn one_of(&mut self, of: Vec<usize>) -> Option<usize> {
        (!of.is_empty()).then(|| self.rng.pick(&of))
    }

    /// A number.
    pub(super) fn int(&mut self) -> String {
        if self.exhausted() {
            return self.int_leaf();
        }
        let form = self.rng.weighted(&[
            (14, Int::Leaf),
            (8, Int::Effect),
            (22, Int::Suspend),
            (6, Int::Delegate),
            (9, Int::Call),
            (5, Int::Operator),
            (5, Int::OfGuard),
            (8, Int::Consume),
            (6, Int::Peek),
            (5, Int::Temporary),
            (4, Int::Named),
            (5, Int::Aggregate),
            (3, Int::OfBool),
            (6, Int::Fallible),
            (2, Int::Closure),
            (3, Int::Text),
            (7, Int::Lend),
            (3, Int::Listed),
            (9, Int::Place),
            (2, Int::Range),
            (1, Int::Leave),
            (if self.lends { 26 } else { 0 }, Int::Through),
            (14, Int::Branch),
        ]);
        self.deeper(|writer| writer.int_form(form))
    }

    fn int_form(&mut self, form: Int) -> String {
        match form {
            Int::Leaf => self.int_leaf(),
            Int::Effect => format!("ev({})", self.number()),
            Int::Suspend => self.suspend(),
            Int::Delegate => self.delegate(&[Ret::Int, Ret::Fallible]).unwrap_or_else(|| self.suspend()),
            Int::Call => self.call(),
            Int::Operator => self.operator(),
            Int::OfGuard => self.of_guard(),
            Int::Consume => self.consume(),
            Int::Peek => self.peek(),
            Int::Temporary => self.temporary(),
            Int::Named => self.named(),
            Int::Aggregate => self.aggregate(),
            Int::OfBool => format!("({} as i64)", self.boolean()),
            Int::Fallible => self.fallible(),
            Int::Closure => self.closure(),
            Int::Text => format!("({}.len() as i64)", self.text()),
            Int::Lend => self.lend(),
            Int::Listed => self.listed(),
            Int::Place => self.part(),
            Int::Range => self.range(),
            Int::Leave => self.leaving(),
            Int::Through => self.through().unwrap_or_else(|| self.suspend()),
            Int::Branch => self.branch(Ty::Int),
        }
    }

    pub(super) fn int_leaf(&mut self) -> String {
        match self.one_of(self.scope.readable(Ty::Int)) {
            Some(index) if self.rng.chance(75) => self.scope.var(index).name.clone(),
            _ => self.number().to_string(),
        }
    }

    /// Some guards.
    fn list(&mut self) -> String {
        match self.rng.below(3) {
            0 => self.moved(Ty::List).unwrap_or_else(|| format!("list({})", self.number())),
            1 => format!("vec![{}, {}]", self.guard(), self.guard()),
            _ => format!("list({})", self.int()),
        }
    }

    fn call(&mut self) -> String {
        match self.rng.below(3) {
            0 => format!("add({}, {})", self.int(), self.int()),
            1 => format!("few({})", self.int()),
            _ => format!("i64::min({}, {})", self.int(), self.int()),
        }
    }

    fn operator(&mut self) -> String {
        let operator = self.rng.pick(&["^", "&", "|"]);
        format!("({} {operator} {})", self.int(), self.int())
    }

    fn of_guard(&mut self) -> String {
        match self.one_of(self.scope.readable(Ty::Guard)) {
            Some(index) if self.rng.chance(70) => {
                let name = self.scope.var(index).name.clone();
                if self.rng.chance(50) {
                    return format!("{name}.id()");
                }
                self.scope.freeze(index);
                let text = format!("{name}.plus({})", self.int());
                self.scope.thaw(index);
                text
            }
            _ => format!("{}.id()", self.guard()),
        }
    }

    fn consume(&mut self) -> String {
        match self.rng.below(5) {
            0 => format!("consume_both({}, {})", self.guard(), self.guard()),
            1 => format!("consume_with({}, {})", self.guard(), self.int()),
            2 => format!("{}.into_id()", self.guard()),
            _ => format!("consume({})", self.guard()),
        }
    }

    /// A call that borrows a local in one operand and may suspend in the next.
    fn peek(&mut self) -> String {
        let Some(index) = self.one_of(self.scope.readable(Ty::Guard)) else {
            return self.temporary();
        };
        let name = self.scope.var(index).name.clone();
        if self.rng.chance(40) {
            return format!("peek(&{name})");
        }
        self.scope.freeze(index);
        let text = format!("peek_with(&{name}, {})", self.int());
        self.scope.thaw(index);
        text
    }

    /// A guard that is a temporary, with a suspension perhaps while it lives.
    fn temporary(&mut self) -> String {
        match self.rng.below(3) {
            0 => format!("peek_with(&{}, {})", self.guard(), self.int()),
            1 => format!("{}.plus({})", self.guard(), self.int()),
            _ => format!("peek(&{})", self.guard()),
        }
    }

    fn aggregate(&mut self) -> String {
        match self.rng.below(4) {
            0 => format!("({}, {}).{}", self.int(), self.int(), self.rng.pick(&[0, 1])),
            1 => format!("[{}, {}][({} & 1) as usize]", self.int(), self.int(), self.int()),
            2 => format!("Oops({}).0", self.int()),
            _ => format!("({}, {}).1", self.guard(), self.int()),
        }
    }

    /// A value out of something that may fail: by `?` where the function can fail in that way.
    fn fallible(&mut self) -> String {
        match self.ret {
            Ret::Fallible => format!("attempt({})?", self.int()),
            Ret::Optional => format!("perhaps({})?", self.int()),
            _ => format!("perhaps({}).unwrap_or({})", self.int(), self.int()),
        }
    }

    /// A list made by the macro.
    fn listed(&mut self) -> String {
        match self.rng.below(3) {
            0 => format!("(vec![{}, {}].len() as i64)", self.guard(), self.guard()),
            1 => format!("(vec![{}; few({}) as usize].len() as i64)", self.int(), self.int()),
            _ => format!("vec![{}, {}, {}].into_iter().fold(0, add)", self.int(), self.int(), self.int()),
        }
    }

    /// A condition.
    pub(super) fn boolean(&mut self) -> String {
        if self.exhausted() {
            return self.boolean_leaf();
        }
        self.deeper(|writer| match writer.rng.below(12) {
            0..=2 => format!("odd({})", writer.int()),
            3..=4 => format!("({} < {})", writer.int(), writer.int()),
            5 => format!("(!{})", writer.boolean()),
            6..=8 => writer.lazy(),
            9 => writer.matched(),
            10 => writer.branch(Ty::Bool),
            _ => writer.boolean_leaf(),
        })
    }

    fn matched(&mut self) -> String {
        if self.rng.chance(50) {
            return format!("matches!({}, 0..=4)", self.int());
        }
        let name = self.name();
        let value = format!("keep_if({}, {})", self.guard(), self.int());
        format!("matches!({value}, Some({name}) if odd({name}.id()))")
    }

    fn boolean_leaf(&mut self) -> String {
        match self.one_of(self.scope.readable(Ty::Bool)) {
            Some(index) => self.scope.var(index).name.clone(),
            None => format!("odd({})", self.number()),
        }
    }

    /// `&&` or `||`, whose second operand is evaluated on one path only.
    fn lazy(&mut self) -> String {
        let operator = self.rng.pick(&["&&", "||"]);
        let first = self.boolean();
        let skipped = self.scope.flow(self.scope.mark());
        let second = self.boolean();
        self.scope.join(&skipped);
        format!("({first} {operator} {second})")
    }

    /// A guard.
    pub(super) fn guard(&mut self) -> String {
        if self.exhausted() {
            return self.guard_leaf();
        }
        let form = self.rng.weighted(&[
            (20, Guarded::Leaf),
            (5, Guarded::Pass),
            (4, Guarded::Either),
            (4, Guarded::Swap),
            (3, Guarded::Unwrap),
            (3, Guarded::Fallible),
            (3, Guarded::Delegate),
            (6, Guarded::Branch),
        ]);
        self.deeper(|writer| writer.guard_form(form))
    }

    fn guard_form(&mut self, form: Guarded) -> String {
        match form {
            Guarded::Pass => format!("pass({})", self.guard()),
            Guarded::Either => format!("either({}, {}, {})", self.guard(), self.guard(), self.int()),
            Guarded::Swap => self.swap(),
            Guarded::Unwrap => format!("{}.unwrap_or({})", self.maybe(), self.guard()),
            Guarded::Fallible if self.ret == Ret::Fallible => {
                format!("attempt_guard({}, {})?", self.guard(), self.int())
            }
            Guarded::Fallible if self.ret == Ret::Optional => format!("{}?", self.maybe()),
            Guarded::Delegate => self.delegate(&[Ret::Guard]).unwrap_or_else(|| self.guard_leaf()),
            Guarded::Branch => self.branch(Ty::Guard),
            Guarded::Leaf | Guarded::Fallible => self.guard_leaf(),
        }
    }

    fn guard_leaf(&mut self) -> String {
        match self.rng.chance(60).then(|| self.moved(Ty::Guard)).flatten() {
            Some(name) => name,
            None if self.rng.chance(80) => format!("guard({})", self.number()),
            None => format!("guard({})", self.int()),
        }
    }

    fn swap(&mut self) -> String {
        if self.lends
            && self.rng.chance(40)
            && let Some(place) = self.guard_place(true)
        {
            self.scope.lock(place.owner);
            let text = format!("swap(&mut {}, {})", place.text, self.guard());
            self.scope.unlock(place.owner);
            return text;
        }
        let Some(index) = self.one_of(self.scope.lendable(Ty::Guard)) else {
            return self.guard_leaf();
        };
        self.scope.lock(index);
        let text = format!("swap(&mut {}, {})", self.scope.var(index).name.clone(), self.guard());
        self.scope.unlock(index);
        text
    }

    /// An optional guard.
    pub(super) fn maybe(&mut self) -> String {
        self.deeper(|writer| match writer.rng.below(8) {
            0 => "None::<Guard>".to_owned(),
            1..=2 => format!("keep_if({}, {})", writer.guard(), writer.int()),
            3..=4 => match writer.one_of(writer.scope.lendable(Ty::Maybe)) {
                Some(index) => format!("{}.take()", writer.scope.var(index).name),
                None => format!("Some({})", writer.guard()),
            },
            5..=6 => writer.moved(Ty::Maybe).unwrap_or_else(|| format!("Some({})", writer.guard())),
            _ => format!("Some({})", writer.guard()),
        })
    }

    /// Two guards.
    pub(super) fn pair(&mut self) -> String {
        if let Some(name) = self.rng.chance(50).then(|| self.moved(Ty::Pair)).flatten() {
            return name;
        }
        let (first, second) = self.rng.pick(&[("left", "right"), ("right", "left")]);
        self.deeper(|writer| format!("Pair {{ {first}: {}, {second}: {} }}", writer.guard(), writer.guard()))
    }

    /// A string.
    pub(super) fn text(&mut self) -> String {
        match self.rng.below(4) {
            0 => self.moved(Ty::Text).unwrap_or_else(|| format!("String::from(\"t{}\")", self.number())),
            1 => match self.one_of(self.scope.readable(Ty::Text)) {
                Some(index) => format!("{}.clone()", self.scope.var(index).name),
                None => format!("\"t{}\".to_owned()", self.number()),
            },
            2 => match self.one_of(self.scope.readable(Ty::Int)) {
                Some(index) => format!("format!(\"{{{}}}\")", self.scope.var(index).name),
                None => format!("format!(\"{{}}\", {})", self.number()),
            },
            3 if self.rng.chance(50) => {
                let shown = format!("{}, n = {}", self.shown(), self.int_leaf());
                format!("format!(\"{{:?}} {{}} {{n}}\", {shown})")
            }
            _ => format!("format!(\"{{}} {{}}\", {}, {})", self.int_leaf(), self.int_leaf()),
        }
    }

    /// A guard and a number to be shown. A variable would be borrowed, which what follows doesn't know.
    pub(super) fn shown(&mut self) -> String {
        format!("pass({}), ev({})", self.guard(), self.int())
    }
}
