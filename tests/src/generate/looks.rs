//! Matches that look at a local, or change it where it is: by `ref`, and by default binding modes.

use super::body::Writer;
use super::scope::{Lent, Ty};

/// A local that is looked at: how it is written, and what the names of the pattern borrow.
struct Look {
    scrutinee: String,
    /// What stands before a name in the pattern.
    word: &'static str,
    ty: Ty,
    lent: Lent,
}

impl Writer {
    /// A variable of this type, looked at.
    fn look_at(&mut self, of: Ty) -> Option<Look> {
        let mutably = self.rng.chance(45);
        let owner = self.one_of(if mutably { self.scope.lendable(of) } else { self.scope.readable(of) })?;
        let name = self.scope.var(owner).name.clone();
        let (scrutinee, word) = match (mutably, self.rng.below(3)) {
            (true, 0) => (name, "ref mut "),
            (false, 0) => (name, "ref "),
            (true, 1) if of == Ty::Maybe => (format!("{name}.as_mut()"), ""),
            (false, 1) if of == Ty::Maybe => (format!("{name}.as_ref()"), ""),
            (true, _) => (format!("&mut {name}"), ""),
            (false, _) => (format!("&{name}"), ""),
        };
        let ty = if mutably { Ty::Mutable } else { Ty::Shared };
        Some(Look { scrutinee, word, ty, lent: Lent { owner, mutably } })
    }

    fn declare_look(&mut self, name: &str, look: &Look) {
        self.scope.declare_holder(name, look.ty, false, &[look.lent]);
    }

    /// `if let Some(x) = &y …`, a `match` with or without a guard, or on two guards.
    pub(super) fn look(&mut self, ty: Option<Ty>) -> Option<String> {
        match self.rng.below(4) {
            0 => self.look_let(ty),
            1 => self.look_pair(ty),
            _ => self.look_match(ty),
        }
    }

    fn look_let(&mut self, ty: Option<Ty>) -> Option<String> {
        let look = self.look_at(Ty::Maybe)?;
        let name = self.name();
        let bare = ty.is_none() && self.rng.chance(40);
        let [yes, no] = self.alternatives([
            &mut |writer| {
                writer.declare_look(&name, &look);
                writer.body_open(ty)
            },
            &mut |writer| if bare { String::new() } else { writer.body_of(ty) },
        ]);
        let other = if bare { String::new() } else { format!(" else {no}") };
        Some(format!("if let Some({}{name}) = {} {yes}{other}", look.word, look.scrutinee))
    }

    fn look_match(&mut self, ty: Option<Ty>) -> Option<String> {
        let look = self.look_at(Ty::Maybe)?;
        let (one, two) = (self.name(), self.name());
        let guarded = self.rng.chance(40);
        let [first, second, none] = self.alternatives([
            &mut |writer| {
                writer.declare_look(&one, &look);
                writer.arm(ty)
            },
            &mut |writer| {
                writer.declare_look(&two, &look);
                if guarded { writer.arm(ty) } else { String::new() }
            },
            &mut |writer| writer.arm(ty),
        ]);
        let Look { scrutinee, word, .. } = &look;
        Some(if guarded {
            format!(
                "match {scrutinee} {{ Some({word}{one}) if odd({one}.id()) => {first}, Some({word}{two}) => {second}, \
                 None => {none} }}"
            )
        } else {
            format!("match {scrutinee} {{ Some({word}{one}) => {first}, _ => {none} }}")
        })
    }

    fn look_pair(&mut self, ty: Option<Ty>) -> Option<String> {
        let look = self.look_at(Ty::Pair)?;
        let (left, right) = (self.name(), self.name());
        let one_only = left == right || self.rng.chance(30);
        let mark = self.scope.mark();
        self.declare_look(&left, &look);
        if !one_only {
            self.declare_look(&right, &look);
        }
        let arm = self.arm(ty);
        self.scope.close(mark);
        let Look { scrutinee, word, .. } = &look;
        let right = if one_only { "..".to_owned() } else { format!("right: {word}{right}") };
        Some(format!("match {scrutinee} {{ Pair {{ left: {word}{left}, {right} }} => {arm} }}"))
    }

    /// `let Some(x) = &y else { … };`
    pub(super) fn look_else(&mut self) -> Option<String> {
        let look = self.look_at(Ty::Maybe)?;
        let name = self.name();
        let otherwise = self.else_leave();
        self.declare_look(&name, &look);
        Some(format!("let Some({}{name}) = {} {otherwise};", look.word, look.scrutinee))
    }

    /// `while let Some(x) = &mut y …`
    pub(super) fn while_look(&mut self) -> Option<String> {
        let (condition, name, ty, lent) = match self.rng.chance(50) {
            true => {
                let mutably = self.rng.chance(50);
                let of = if mutably { Ty::IterMut } else { Ty::Iter };
                let index = self.one_of(self.scope.lendable(of))?;
                let (name, iterator) = (self.name(), self.scope.var(index).name.clone());
                let ty = if mutably { Ty::Mutable } else { Ty::Shared };
                (format!("Some({name}) = {iterator}.next()"), name, ty, self.scope.lent_to(index))
            }
            false => {
                let look = self.look_at(Ty::Maybe)?;
                let name = self.name();
                let condition = format!("Some({}{name}) = {}", look.word, look.scrutinee);
                (condition, name, look.ty, vec![look.lent])
            }
        };
        let (label, text) = self.looped(|writer| {
            writer.scope.declare_holder(&name, ty, false, &lent);
            writer.body_of(None)
        });
        Some(format!("{label}: while fuel() && let {condition} {text}"))
    }
}
