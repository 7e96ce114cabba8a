//! Statements and loops.

use super::body::{Flavour, Writer};
use super::scope::Ty;

/// The forms of a statement.
#[derive(Clone, Copy)]
enum Statement {
    Let,
    Destructure,
    Late,
    LetElse,
    Discard,
    Assign,
    Compound,
    Call,
    Renew,
    If,
    IfLet,
    Match,
    Block,
    Labelled,
    While,
    WhileLet,
    For,
    Loop,
    Check,
    Write,
    Store,
    Closure,
    Item,
    TakeApart,
    Part,
    Wait,
    Leave,
    Borrow,
    Change,
    ForBorrowed,
    Look,
    LookElse,
    WhileLook,
}

const STATEMENTS: [(usize, Statement); 27] = [
    (24, Statement::Let),
    (6, Statement::Destructure),
    (4, Statement::Late),
    (4, Statement::LetElse),
    (4, Statement::Discard),
    (7, Statement::Assign),
    (5, Statement::Compound),
    (16, Statement::Call),
    (3, Statement::Renew),
    (9, Statement::If),
    (5, Statement::IfLet),
    (7, Statement::Match),
    (4, Statement::Block),
    (3, Statement::Labelled),
    (5, Statement::While),
    (3, Statement::WhileLet),
    (5, Statement::For),
    (3, Statement::Loop),
    (3, Statement::Check),
    (2, Statement::Write),
    (7, Statement::Store),
    (3, Statement::Closure),
    (2, Statement::Item),
    (7, Statement::TakeApart),
    (6, Statement::Part),
    (6, Statement::Wait),
    (5, Statement::Leave),
];

/// The forms of one that borrows.
const BORROWING: [(usize, Statement); 6] = [
    (40, Statement::Borrow),
    (30, Statement::Change),
    (14, Statement::ForBorrowed),
    (14, Statement::Look),
    (5, Statement::LookElse),
    (7, Statement::WhileLook),
];

impl Writer {
    /// Some statements; after one that leaves there are no more.
    pub(super) fn statements(&mut self) -> Vec<String> {
        let most = if self.depth == 0 { 12 } else { 4 };
        let mut lines = Vec::new();
        while lines.len() < most && self.budget > 0 && !self.scope.is_dead() {
            if self.depth > 0 && self.rng.chance(25) {
                break;
            }
            lines.push(self.statement());
        }
        lines
    }

    fn statement(&mut self) -> String {
        self.budget = self.budget.saturating_sub(1);
        let form = match self.depth {
            5.. => Statement::Call,
            _ if self.lends && self.rng.chance(45) => self.rng.weighted(&BORROWING),
            _ => self.rng.weighted(&STATEMENTS),
        };
        match form {
            Statement::Borrow => self.borrow(),
            Statement::Change => self.change(),
            Statement::ForBorrowed => self.for_borrowed().unwrap_or_else(|| self.let_borrow()),
            Statement::Look => self.look(None).unwrap_or_else(|| self.let_borrow()),
            Statement::LookElse if self.stay == 0 => self.look_else().unwrap_or_else(|| self.let_borrow()),
            Statement::LookElse => self.let_borrow(),
            Statement::WhileLook => self.while_look().unwrap_or_else(|| self.let_borrow()),
            Statement::Let => self.let_value(),
            Statement::Destructure => self.destructure(),
            Statement::Late => self.late(),
            Statement::LetElse => self.let_else(),
            Statement::Discard => self.discard(),
            Statement::Assign => self.assign(),
            Statement::Compound => self.compound(),
            Statement::Call => self.call_statement(),
            Statement::Renew => self.renew(),
            Statement::If => self.if_else(None),
            Statement::IfLet if self.rng.chance(40) => self.if_chain(None),
            Statement::IfLet => self.if_let(None),
            Statement::Match if self.rng.chance(40) => self.match_int(None),
            Statement::Match => self.match_maybe(None),
            Statement::Block => self.body_of(None),
            Statement::Labelled => self.labelled(None),
            Statement::While => self.while_loop(),
            Statement::WhileLet if self.rng.chance(40) => self.while_chain(),
            Statement::WhileLet => self.while_let(),
            Statement::For => self.for_loop(),
            Statement::Loop => self.plain_loop(),
            Statement::Check => self.check(),
            Statement::Write => self.write(),
            Statement::Store => self.store(),
            Statement::Closure => self.let_closure(),
            Statement::Item => self.item(),
            Statement::TakeApart => self.take_apart(),
            Statement::Part => self.part_taken(),
            Statement::Wait => self.wait(),
            Statement::Leave => self.leave(),
        }
    }

    /// An assertion, which holds as long as there is fuel.
    fn check(&mut self) -> String {
        if self.rng.chance(40) {
            return format!("assert_ne!(peek(&{}), ev({}) | 1 << 40);", self.guard_made(), self.int());
        }
        let condition = self.boolean();
        let holds = self.scope.flow(self.scope.mark());
        let message = self.shown();
        self.scope.restore(&holds);
        format!("assert!({condition} || fuel(), \"{{:?}} {{}}\", {message});")
    }

    fn write(&mut self) -> String {
        let written = format!("let mut out = String::new(); write!(out, \"{{:?}} {{}}\", {})", self.shown());
        format!("{{ {written}.unwrap(); ev(out.len() as i64); }}")
    }

    /// A type for a new variable.
    fn new_type(&mut self) -> Ty {
        let lent = if self.flavour.awaits() { 4 } else { 0 };
        self.rng.weighted(&[
            (8, Ty::Int),
            (2, Ty::Bool),
            (12, Ty::Guard),
            (4, Ty::Maybe),
            (3, Ty::Pair),
            (2, Ty::Text),
            (3, Ty::Numbers),
            (4, Ty::Record),
            (lent, Ty::Buffer),
            (lent, Ty::Source),
        ])
    }

    pub(super) fn let_value(&mut self) -> String {
        let ty = self.new_type();
        let value = self.value(ty);
        let name = self.name();
        let mutable = matches!(ty, Ty::Buffer | Ty::Source | Ty::Numbers) || self.rng.chance(45);
        self.scope.declare(&name, ty, mutable);
        let annotation = if self.rng.chance(10) { format!(": {}", ty.name()) } else { String::new() };
        format!("let {}{name}{annotation} = {value};", if mutable { "mut " } else { "" })
    }

    fn destructure(&mut self) -> String {
        let (one, two) = (self.name(), self.name());
        if one == two {
            return self.let_value();
        }
        match self.rng.below(5) {
            0 => {
                let text = format!("let ({one}, mut {two}) = ({}, {});", self.guard(), self.int());
                self.scope.declare(&one, Ty::Guard, false);
                self.scope.declare(&two, Ty::Int, true);
                text
            }
            1 => {
                let text = format!("let ({one}, _) = ({}, {});", self.guard(), self.guard());
                self.scope.declare(&one, Ty::Guard, false);
                text
            }
            2 => {
                let text = format!("let [{one}, {two}] = [{}, {}];", self.guard(), self.guard());
                self.scope.declare(&one, Ty::Guard, false);
                self.scope.declare(&two, Ty::Guard, false);
                text
            }
            3 => {
                let text = format!("let Pair {{ right: {one}, .. }} = {};", self.pair());
                self.scope.declare(&one, Ty::Guard, false);
                text
            }
            _ => {
                let text = format!("let Pair {{ left: {one}, right: {two} }} = {};", self.pair());
                self.scope.declare(&one, Ty::Guard, false);
                self.scope.declare(&two, Ty::Guard, false);
                text
            }
        }
    }

    /// `let x;`, assigned later, in both branches of an `if`, or never.
    fn late(&mut self) -> String {
        let ty = self.rng.pick(&[Ty::Guard, Ty::Guard, Ty::Int]);
        let name = self.name();
        if self.rng.chance(50) {
            let mutable = self.rng.chance(30);
            self.scope.declare_uninit(&name, ty, mutable);
            return format!("let {}{name}: {};", if mutable { "mut " } else { "" }, ty.name());
        }
        let condition = self.boolean();
        let mark = self.scope.mark();
        let before = self.scope.flow(mark);
        let yes = self.value(ty);
        let middle = self.scope.flow(mark);
        self.scope.restore(&before);
        let no = self.value(ty);
        self.scope.join(&middle);
        self.scope.declare(&name, ty, false);
        let hidden = self.number();
        // The name comes into scope before the branches, which must not mention an older one of that name.
        format!(
            "let late{hidden}; if {condition} {{ late{hidden} = {yes}; }} else {{ late{hidden} = {no}; }} \
             let {name} = late{hidden};"
        )
    }

    fn let_else(&mut self) -> String {
        if self.stay > 0 {
            return self.let_value();
        }
        let scrutinee = self.maybe();
        let name = self.name();
        let otherwise = self.else_leave();
        self.scope.declare(&name, Ty::Guard, false);
        format!("let Some({name}) = {scrutinee} {otherwise};")
    }

    /// The `else` of a `let`: what follows knows nothing of it.
    pub(super) fn else_leave(&mut self) -> String {
        let mark = self.scope.mark();
        let before = self.scope.flow(mark);
        let lines = self.departure();
        self.scope.close(mark);
        self.scope.restore(&before);
        format!("else {{ {} }}", lines.join("\n"))
    }

    /// Statements that leave.
    fn departure(&mut self) -> Vec<String> {
        let mut lines = if self.rng.chance(40) { vec![format!("{};", self.int())] } else { Vec::new() };
        if !self.scope.is_dead() {
            lines.push(self.leave());
        }
        if !self.scope.is_dead() {
            lines.push(format!("return {};", self.result()));
        }
        lines
    }

    /// A value that is let go at once, or a variable that is not moved by `_`.
    fn discard(&mut self) -> String {
        match self.one_of(self.scope.readable(Ty::Guard)) {
            Some(index) if self.rng.chance(40) => format!("let _ = {};", self.scope.var(index).name),
            _ if self.rng.chance(40) => format!("_ = {};", self.guard_made()),
            _ => format!("let _ = {};", self.guard_made()),
        }
    }

    /// A guard by a call, so that `_` drops it.
    fn guard_made(&mut self) -> String {
        format!("pass({})", self.guard())
    }

    pub(super) fn assign(&mut self) -> String {
        let ty = self.rng.pick(&[
            Ty::Int,
            Ty::Guard,
            Ty::Guard,
            Ty::Maybe,
            Ty::Bool,
            Ty::Text,
            Ty::Pair,
            Ty::Record,
            Ty::Numbers,
        ]);
        let Some(index) = self.one_of(self.scope.assignable(ty)) else {
            return self.let_value();
        };
        let name = self.scope.var(index).name.clone();
        // The value may assign the same variable, so whether it still can be is asked again.
        let value = self.value(ty);
        if !self.scope.assignable(ty).contains(&index) {
            return format!("let _ = {value};");
        }
        self.scope.assign(index);
        format!("{name} = {value};")
    }

    fn compound(&mut self) -> String {
        let Some(index) = self.one_of(self.scope.lendable(Ty::Int)) else {
            return self.assign();
        };
        let name = self.scope.var(index).name.clone();
        format!("{name} ^= {};", self.int())
    }

    pub(super) fn call_statement(&mut self) -> String {
        if !self.children.is_empty() && self.may_suspend() && self.rng.chance(15) {
            let child = self.rng.below(self.children.len());
            return format!("let _ = {};", self.delegation(child));
        }
        if matches!(self.flavour, Flavour::Unit | Flavour::Stream)
            && self.may_suspend()
            && self.rng.chance(40)
        {
            // An async generator delegates to streams only.
            let iterator = self.flavour == Flavour::Unit && self.rng.chance(30);
            let value = self.int();
            return if iterator {
                format!("yield_from!(items({value}));")
            } else {
                format!("yield_!({value});")
            };
        }
        match self.rng.below(6) {
            0 => format!("ev({});", self.int()),
            1 => format!("drop({});", self.guard()),
            2 => format!("consume({});", self.guard()),
            _ => format!("{};", self.suspend()),
        }
    }

    /// A variable moved out and given a new value, with a suspension in between.
    fn renew(&mut self) -> String {
        let fresh = |writer: &Writer| writer.scope.lendable(Ty::Guard);
        let Some(index) = self.one_of(fresh(self)) else {
            return self.call_statement();
        };
        let name = self.scope.var(index).name.clone();
        if self.rng.chance(50) {
            return format!("{name} = pass({name});");
        }
        self.stay += 1;
        self.scope.lock(index);
        let between = self.suspend_plainly();
        self.scope.unlock(index);
        self.stay -= 1;
        format!("consume({name}); {between}; {name} = guard({});", self.number())
    }

    /// A suspension whose operand can neither leave nor move.
    pub(super) fn suspend_plainly(&mut self) -> String {
        let (budget, depth) = (self.budget, self.depth);
        self.budget = 0;
        let text = self.suspend();
        (self.budget, self.depth) = (budget, depth);
        text
    }

    /// Leaves: by `return`, `break` or `continue`, moving what it likes into the value.
    pub(super) fn leave(&mut self) -> String {
        if self.stay > 0 {
            return self.call_statement();
        }
        let target = self.rng.below(self.frames.len() + 1);
        if target == self.frames.len() {
            return self.leave_function();
        }
        if self.frames[target].is_loop && self.rng.chance(35) {
            let label = self.frames[target].label;
            self.scope.die();
            return format!("continue 'l{label};");
        }
        let ty = self.frames[target].value;
        self.leave_to(target, ty)
    }

    fn leave_function(&mut self) -> String {
        let floor = self.scope.move_floor;
        self.scope.move_floor = 0;
        self.stay += 1;
        let value = self.result();
        self.stay -= 1;
        self.scope.move_floor = floor;
        self.scope.die();
        format!("return {value};")
    }

    fn while_loop(&mut self) -> String {
        let (label, text) = self.looped(|writer| {
            let condition = writer.in_condition(Writer::boolean);
            format!("while fuel() && {condition} {}", writer.body_of(None))
        });
        format!("{label}: {text}")
    }

    /// A loop by a chain of conditions.
    fn while_chain(&mut self) -> String {
        let (label, text) = self.looped(|writer| {
            let conditions = writer.in_condition(|writer| {
                let condition = format!("keep_if({}, {})", writer.guard(), writer.int());
                let name = writer.name();
                writer.scope.declare(&name, Ty::Guard, false);
                format!("let Some({name}) = {condition} && {}", writer.boolean())
            });
            format!("while fuel() && {conditions} {}", writer.body_of(None))
        });
        format!("{label}: {text}")
    }

    fn while_let(&mut self) -> String {
        let source = self.name();
        let held = format!("let mut {source} = items({}).guards();", self.int_quiet());
        let (label, text) = self.looped(|writer| {
            let item = writer.name();
            let inner = writer.scope.mark();
            // The iterator is of no type that anything else uses, so it stays as it is; its name is taken.
            writer.scope.declare_uninit(&source, Ty::Source, false);
            writer.scope.declare(&item, Ty::Guard, false);
            let text = writer.body_of(None);
            writer.scope.close(inner);
            format!("while let Some({item}) = {source}.next() {text}")
        });
        format!("{{ {held} {label}: {text} }}")
    }

    /// A number that does not suspend.
    pub(super) fn int_quiet(&mut self) -> String {
        self.quiet += 1;
        let text = self.int();
        self.quiet -= 1;
        text
    }

    /// A method that consumes its receiver. Now and then its name doesn't tell: that may be refused.
    fn consuming_method(&mut self) -> &'static str {
        if self.rng.chance(10) { "guards" } else { "into_guards" }
    }

    fn for_loop(&mut self) -> String {
        let (iterable, item) = match self.rng.below(5) {
            0 => (format!("0..few({})", self.int()), Ty::Int),
            3 => (format!("few({})..=few({})", self.int(), self.int()), Ty::Int),
            1 => (format!("items({})", self.int()), Ty::Int),
            2 => (format!("items({}).{}()", self.int(), self.consuming_method()), Ty::Guard),
            _ => (format!("[{}, {}]", self.guard(), self.guard()), Ty::Guard),
        };
        self.for_each(&iterable, item)
    }

    /// A loop over what has items of this type.
    pub(super) fn for_each(&mut self, iterable: &str, item: Ty) -> String {
        let name = self.name();
        let ignored = self.rng.chance(15);
        let mutable = self.rng.chance(20);
        let (label, text) = self.looped(|writer| {
            if !ignored {
                writer.scope.declare(&name, item, mutable);
            }
            writer.body_of(None)
        });
        let pattern = match (ignored, mutable) {
            (true, _) => "_".to_owned(),
            (_, true) => format!("mut {name}"),
            _ => name,
        };
        format!("{label}: for {pattern} in {iterable} {text}")
    }

    fn plain_loop(&mut self) -> String {
        let (label, text, exits) = self.framed(None, true, |writer| {
            let last = writer.leave_loop(None);
            let lines = writer.statements();
            format!("if !fuel() {{ {last} }}\n{}", lines.join("\n"))
        });
        self.scope.restore(&exits);
        format!("{label}: loop {{ {text} }}")
    }
}
