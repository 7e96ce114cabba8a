//! Values that take a choice: blocks, `if`, `match`, loops that are left with a value.

use super::body::{Frame, Writer};
use super::scope::{Flow, Ty};

impl Writer {
    /// A value of the type by a choice.
    pub(super) fn branch(&mut self, ty: Ty) -> String {
        let looked = (self.lends && self.rng.chance(20)).then(|| self.look(Some(ty))).flatten();
        let text = match self.rng.below(10) {
            _ if looked.is_some() => looked.unwrap_or_default(),
            0..=1 => self.block(ty),
            2..=3 => self.if_else(Some(ty)),
            4 if self.rng.chance(40) => self.if_chain(Some(ty)),
            4 => self.if_let(Some(ty)),
            5 => self.match_int(Some(ty)),
            6..=7 => self.match_maybe(Some(ty)),
            8 => self.labelled(Some(ty)),
            _ => self.loop_value(ty),
        };
        // What leaves on all paths has no type of which a method could be called.
        if self.scope.is_dead() { format!("typed::<{}>({text})", ty.name()) } else { format!("({text})") }
    }

    /// A block with a value, or one that leaves.
    pub(super) fn block(&mut self, ty: Ty) -> String {
        self.body_of(Some(ty))
    }

    /// A block, with a value if there is a type, in a scope of its own.
    pub(super) fn body_of(&mut self, ty: Option<Ty>) -> String {
        let mark = self.scope.mark();
        let text = self.body_open(ty);
        self.scope.close(mark);
        text
    }

    /// The same in the scope that is open, for bodies with variables of a pattern.
    pub(super) fn body_open(&mut self, ty: Option<Ty>) -> String {
        let mut lines = self.deeper(Writer::statements);
        match ty {
            Some(ty) if !self.scope.is_dead() || lines.is_empty() => lines.push(self.value(ty)),
            Some(_) => lines.push(";".to_owned()),
            None => {}
        }
        format!("{{ {} }}", lines.join("\n"))
    }

    /// Writes alternatives, each from the states here; where they end the paths meet.
    pub(super) fn alternatives<const N: usize>(
        &mut self,
        write: [&mut dyn FnMut(&mut Writer) -> String; N],
    ) -> [String; N] {
        let mark = self.scope.mark();
        let before = self.scope.flow(mark);
        let mut after: Flow = None;
        let texts = write.map(|write| {
            self.scope.restore(&before);
            let text = write(self);
            self.scope.close(mark);
            after = super::scope::join(after.take(), &self.scope.flow(mark));
            text
        });
        self.scope.restore(&after);
        texts
    }

    /// `if … else …`; without a type the `else` may be missing.
    pub(super) fn if_else(&mut self, ty: Option<Ty>) -> String {
        let condition = self.boolean();
        let (chained, bare) = (self.rng.chance(15), ty.is_none() && self.rng.chance(40));
        let [yes, no] = self.alternatives([&mut |writer| writer.body_of(ty), &mut |writer| match () {
            () if bare => String::new(),
            () if chained => writer.if_else(ty),
            () => writer.body_of(ty),
        }]);
        if bare { format!("if {condition} {yes}") } else { format!("if {condition} {yes} else {no}") }
    }

    /// `if let Some(x) = … else …`.
    pub(super) fn if_let(&mut self, ty: Option<Ty>) -> String {
        let scrutinee = self.maybe();
        let name = self.name();
        let bare = ty.is_none() && self.rng.chance(40);
        let [yes, no] = self.alternatives([
            &mut |writer| {
                writer.scope.declare(&name, Ty::Guard, false);
                writer.body_open(ty)
            },
            &mut |writer| if bare { String::new() } else { writer.body_of(ty) },
        ]);
        let other = if bare { String::new() } else { format!(" else {no}") };
        format!("if let Some({name}) = {scrutinee} {yes}{other}")
    }

    /// `if … && let Some(x) = … && … else …`: each link is evaluated where the one before holds.
    pub(super) fn if_chain(&mut self, ty: Option<Ty>) -> String {
        let mark = self.scope.mark();
        let first = self.boolean();
        let mut failed = self.scope.flow(mark);
        let scrutinee = self.maybe();
        let name = self.name();
        failed = super::scope::join(failed, &self.scope.flow(mark));
        self.scope.declare(&name, Ty::Guard, false);
        let last = self.boolean();
        failed = super::scope::join(failed, &self.scope.flow(mark));
        let yes = self.body_open(ty);
        self.scope.close(mark);
        let taken = self.scope.flow(mark);
        self.scope.restore(&failed);
        let bare = ty.is_none() && self.rng.chance(40);
        let no = if bare { String::new() } else { format!(" else {}", self.body_of(ty)) };
        self.scope.join(&taken);
        format!("if {first} && let Some({name}) = {scrutinee} && {last} {yes}{no}")
    }

    /// A match on a number, with a guard and a binding.
    pub(super) fn match_int(&mut self, ty: Option<Ty>) -> String {
        let scrutinee = self.int();
        let (bound, guarded) = (self.name(), self.name());
        let mut guard_text = String::new();
        let [one, two, three, other] = self.alternatives([
            &mut |writer| writer.arm(ty),
            &mut |writer| {
                writer.scope.declare(&bound, Ty::Int, false);
                writer.arm(ty)
            },
            &mut |writer| {
                writer.scope.declare(&guarded, Ty::Int, false);
                guard_text = writer.match_guard(&guarded);
                writer.arm(ty)
            },
            &mut |writer| writer.arm(ty),
        ]);
        format!(
            "match {scrutinee} {{ 0 | 2 => {one}, {bound} @ 3..=7 => {two}, {guarded} if {guard_text} => {three}, \
             _ => {other} }}"
        )
    }

    /// The guard of an arm that binds a number; it may look at other variables.
    fn match_guard(&mut self, bound: &str) -> String {
        let seen = self.one_of(self.scope.readable(Ty::Guard)).filter(|_| self.rng.chance(40));
        match seen {
            Some(index) => format!("odd({bound}) && {}.id() > {bound}", self.scope.var(index).name),
            None => format!("odd({bound})"),
        }
    }

    /// A match on an optional guard, by value; the arms may suspend.
    pub(super) fn match_maybe(&mut self, ty: Option<Ty>) -> String {
        if self.rng.chance(20) {
            return self.match_pair(ty);
        }
        let scrutinee = self.maybe();
        let (one, two) = (self.name(), self.name());
        let (mutable, guarded) = (self.rng.chance(20), self.rng.chance(50));
        let [first, second, none] = self.alternatives([
            &mut |writer| {
                writer.scope.declare(&one, Ty::Guard, mutable);
                writer.arm(ty)
            },
            &mut |writer| {
                if guarded {
                    writer.scope.declare(&two, Ty::Guard, false);
                }
                writer.arm(ty)
            },
            &mut |writer| writer.arm(ty),
        ]);
        let mutable = if mutable { "mut " } else { "" };
        if guarded {
            format!(
                "match {scrutinee} {{ Some({mutable}{one}) if odd({one}.id()) => {first}, Some({two}) => {second}, \
                 None => {none} }}"
            )
        } else {
            format!("match {scrutinee} {{ Some({mutable}{one}) => {first}, None => {none} }}")
        }
    }

    /// A match that takes two guards apart, perhaps leaving one behind.
    fn match_pair(&mut self, ty: Option<Ty>) -> String {
        let scrutinee = self.pair();
        let scrutinee = if scrutinee.starts_with("Pair") { format!("({scrutinee})") } else { scrutinee };
        let (left, right) = (self.name(), self.name());
        let leave = left == right || self.rng.chance(40);
        let mark = self.scope.mark();
        self.scope.declare(&left, Ty::Guard, false);
        if !leave {
            self.scope.declare(&right, Ty::Guard, false);
        }
        let arm = self.arm(ty);
        self.scope.close(mark);
        let right = if leave { "_" } else { &right };
        format!("match {scrutinee} {{ Pair {{ left: {left}, right: {right} }} => {arm} }}")
    }

    /// The arm of a match: an expression or a block.
    pub(super) fn arm(&mut self, ty: Option<Ty>) -> String {
        match ty {
            Some(ty) if self.rng.chance(40) => self.value(ty),
            None if self.rng.chance(20) => "()".to_owned(),
            _ => self.body_open(ty),
        }
    }

    /// Writes the body of a loop or labelled block; gives its label, its text and the states at its breaks.
    pub(super) fn framed(
        &mut self,
        value: Option<Ty>,
        is_loop: bool,
        write: impl FnOnce(&mut Writer) -> String,
    ) -> (String, String, Flow) {
        let label = self.label();
        let (mark, loop_depth, floor) = (self.scope.mark(), self.scope.loop_depth, self.scope.move_floor);
        self.frames.push(Frame { label, is_loop, in_condition: false, value, mark, loop_depth, exits: None });
        if is_loop {
            self.scope.loop_depth += 1;
            self.scope.move_floor = self.scope.loop_depth;
        }
        let text = self.deeper(write);
        self.scope.close(mark);
        (self.scope.loop_depth, self.scope.move_floor) = (loop_depth, floor);
        let exits = self.frames.pop().and_then(|frame| frame.exits);
        (format!("'l{label}"), text, exits)
    }

    /// The label and the text of a loop that may never run: of what is done in it nothing is known afterwards.
    pub(super) fn looped(&mut self, write: impl FnOnce(&mut Writer) -> String) -> (String, String) {
        let before = self.scope.flow(self.scope.mark());
        let (label, text, exits) = self.framed(None, true, write);
        self.scope.restore(&before);
        self.scope.join(&exits);
        (label, text)
    }

    /// A part of the condition of the loop at hand.
    pub(super) fn in_condition(&mut self, write: impl FnOnce(&mut Writer) -> String) -> String {
        let innermost = self.frames.len() - 1;
        self.frames[innermost].in_condition = true;
        let text = write(self);
        self.frames[innermost].in_condition = false;
        text
    }

    /// A block that can be left by its label.
    pub(super) fn labelled(&mut self, ty: Option<Ty>) -> String {
        let (label, text, exits) = self.framed(ty, false, |writer| writer.body_of(ty));
        self.scope.join(&exits);
        format!("{label}: {text}")
    }

    /// A loop that is left with a value, at the latest when there is no fuel.
    fn loop_value(&mut self, ty: Ty) -> String {
        let before = self.scope.flow(self.scope.mark());
        let (label, text, exits) = self.framed(Some(ty), true, |writer| {
            let last = writer.leave_loop(Some(ty));
            let lines = writer.statements();
            format!("if !fuel() {{ {last} }}\n{}", lines.join("\n"))
        });
        self.scope.restore(&before);
        self.scope.restore(&exits);
        format!("{label}: loop {{ {text} }}")
    }

    /// The break of the innermost frame with a value that needs nothing, on a path of its own.
    pub(super) fn leave_loop(&mut self, ty: Option<Ty>) -> String {
        let before = self.scope.flow(self.scope.mark());
        let target = self.frames.len() - 1;
        self.quiet += 1;
        let text = self.leave_to(target, ty);
        self.quiet -= 1;
        self.scope.restore(&before);
        text
    }

    /// `break` to a frame, with a value of its type; control is gone afterwards.
    pub(super) fn leave_to(&mut self, target: usize, ty: Option<Ty>) -> String {
        let floor = self.scope.move_floor;
        let Frame { label, mark, loop_depth, .. } = self.frames[target];
        self.scope.move_floor = loop_depth;
        self.stay += 1;
        let value = ty.map_or(String::new(), |ty| self.value(ty));
        self.stay -= 1;
        self.scope.move_floor = floor;
        let exits = super::scope::join(self.frames[target].exits.take(), &self.scope.flow(mark));
        self.frames[target].exits = exits;
        self.scope.die();
        let innermost = target + 1 == self.frames.len() && !self.frames[target].in_condition;
        let plain = innermost && self.frames[target].is_loop && self.rng.chance(50);
        if plain { format!("break {value};") } else { format!("break 'l{label} {value};") }
    }
}
