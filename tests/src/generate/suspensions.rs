//! Suspensions: yields, awaits, delegations, and what is thrown into the body.

use super::body::{Flavour, Ret, Writer};
use super::scope::{Lent, Ty};

impl Writer {
    /// A suspension as a number, or an effect where nothing may suspend.
    pub(super) fn suspend(&mut self) -> String {
        if !self.may_suspend() {
            return format!("ev({})", self.number());
        }
        match self.flavour {
            Flavour::Generator => format!("yield_!({})", self.int()),
            Flavour::Throwing => self.received(),
            Flavour::Unit => self.yield_then_value(),
            Flavour::Stream if self.rng.chance(50) => self.yield_then_value(),
            Flavour::Stream | Flavour::Async | Flavour::Task => self.paused(),
        }
    }

    fn yield_then_value(&mut self) -> String {
        format!("after(yield_!({}), {})", self.int(), self.int())
    }

    fn paused(&mut self) -> String {
        let future = if self.rng.chance(25) {
            format!("pause_holding({}, {})", self.guard(), self.int())
        } else {
            format!("pause({})", self.int())
        };
        self.awaited(&future)
    }

    /// A future awaited as the flavour spells it.
    pub(super) fn awaited(&self, future: &str) -> String {
        if self.flavour == Flavour::Task {
            format!("yield_from!({future})")
        } else {
            format!("{future}.await")
        }
    }

    /// The number in what is sent; what is thrown is passed up, caught, or replaced.
    fn received(&mut self) -> String {
        let sent = format!("yield_!({})", self.int());
        match self.rng.below(8) {
            0..=2 if self.ret == Ret::Fallible => format!("{sent}?"),
            0..=2 if self.ret == Ret::Optional => format!("{sent}.ok()?"),
            0..=3 => format!("(match {sent} {{ Ok(n) => n, Err(Oops(n)) => n }})"),
            4 => format!("{sent}.unwrap_or({})", self.int()),
            5 => format!("({sent}.is_ok() as i64)"),
            _ => format!("({})", self.catch(&sent, Some(Ty::Int))),
        }
    }

    /// A match on a `Result` of a number, with arms of its own.
    fn catch(&mut self, result: &str, ty: Option<Ty>) -> String {
        let (value, error) = (self.name(), self.name());
        let guarded = self.rng.chance(30);
        let [good, odd, bad] = self.alternatives([
            &mut |writer| {
                writer.scope.declare(&value, Ty::Int, false);
                writer.arm(ty)
            },
            &mut |writer| {
                writer.scope.declare(&value, Ty::Int, true);
                if guarded { writer.arm(ty) } else { String::new() }
            },
            &mut |writer| {
                writer.scope.declare(&error, Ty::Int, false);
                writer.arm(ty)
            },
        ]);
        let odd = if guarded { format!("Ok(mut {value}) if odd({value}) => {odd},") } else { odd };
        let text = format!("match {result} {{ {odd} Ok({value}) => {good}, Err(Oops({error})) => {bad} }}");
        match ty {
            Some(ty) if self.scope.is_dead() => format!("typed::<{}>({text})", ty.name()),
            _ => text,
        }
    }

    /// A statement that waits, of those that are of this flavour only.
    pub(super) fn wait(&mut self) -> String {
        if !self.may_suspend() {
            return self.call_statement();
        }
        match self.flavour {
            Flavour::Stream | Flavour::Async => self.for_await(),
            Flavour::Throwing => match self.rng.below(4) {
                0 if self.stay == 0 => self.let_sent(),
                1 => self.while_sent(),
                _ => {
                    let sent = self.sent_or_returned();
                    self.catch(&sent, None)
                }
            },
            _ => self.call_statement(),
        }
    }

    /// What is sent, or what a child that can fail returns.
    fn sent_or_returned(&mut self) -> String {
        let fails = |at: &usize| self.children[*at].ret == Ret::Fallible;
        let fallible: Vec<usize> = (0..self.children.len()).filter(fails).collect();
        match self.one_of(fallible) {
            Some(child) if self.rng.chance(60) => self.delegation(child),
            _ => format!("yield_!({})", self.int()),
        }
    }

    fn let_sent(&mut self) -> String {
        let sent = self.sent_or_returned();
        let name = self.name();
        let otherwise = self.else_leave();
        self.scope.declare(&name, Ty::Int, false);
        format!("let Ok({name}) = {sent} {otherwise};")
    }

    fn while_sent(&mut self) -> String {
        let (label, text) = self.looped(|writer| {
            let sent = writer.in_condition(|writer| format!("yield_!({})", writer.int()));
            let name = writer.name();
            writer.scope.declare(&name, Ty::Int, false);
            format!("while fuel() && let Ok({name}) = {sent} {}", writer.body_of(None))
        });
        format!("{label}: {text}")
    }

    /// A loop over a stream.
    fn for_await(&mut self) -> String {
        let stream = format!("paused(few({}))", self.int());
        let name = self.name();
        let (label, text) = self.looped(|writer| {
            writer.scope.declare(&name, Ty::Guard, false);
            writer.body_of(None)
        });
        format!("for_await!({label}: {name} in {stream} {text});")
    }

    /// A delegation to a child that returns one of these, as the value inside.
    pub(super) fn delegate(&mut self, rets: &[Ret]) -> Option<String> {
        let fits = |at: &usize| rets.contains(&self.children[*at].ret);
        let fitting: Vec<usize> = (0..self.children.len()).filter(fits).collect();
        let child = self.one_of(fitting).filter(|_| self.may_suspend())?;
        let ret = self.children[child].ret;
        let text = self.delegation(child);
        Some(match ret {
            Ret::Fallible if self.ret == Ret::Fallible && self.rng.chance(60) => format!("{text}?"),
            Ret::Fallible => format!("(match {text} {{ Ok(n) => n, Err(Oops(n)) => n }})"),
            _ => text,
        })
    }

    /// The delegation itself.
    pub(super) fn delegation(&mut self, child: usize) -> String {
        let (call, _) = self.called(child);
        self.delegation_to(child, &call)
    }

    pub(super) fn delegation_to(&self, child: usize, call: &str) -> String {
        let awaits = self.children[child].flavour == Flavour::Async;
        if awaits { format!("{call}.await") } else { format!("yield_from!({call})") }
    }

    /// The call of a child, and what is lent to it.
    pub(super) fn called(&mut self, child: usize) -> (String, Vec<Lent>) {
        let mut lent: Vec<Lent> = Vec::new();
        let mut arguments = Vec::new();
        for ty in self.children[child].arguments.clone() {
            let mutably = ty == Ty::Mutable;
            if !mutably && ty != Ty::Shared {
                arguments.push(self.value(ty));
                continue;
            }
            match self.guard_place(mutably) {
                Some(place) => {
                    arguments.push(format!("&{}{}", if mutably { "mut " } else { "" }, place.text));
                    if mutably {
                        self.scope.lock(place.owner)
                    } else {
                        self.scope.freeze(place.owner)
                    }
                    lent.push(place.lent(mutably));
                }
                None => arguments.push(format!("leaked({})", self.number())),
            }
        }
        for Lent { owner, mutably } in &lent {
            if *mutably { self.scope.unlock(*owner) } else { self.scope.thaw(*owner) }
        }
        (format!("{}({})", self.children[child].name, arguments.join(", ")), lent)
    }

    /// A future that is given borrows of locals.
    pub(super) fn lend(&mut self) -> String {
        if !self.flavour.awaits() || !self.may_suspend() {
            return self.suspend();
        }
        let source = self.one_of(self.scope.lendable(Ty::Source));
        let buffer = self.one_of(self.scope.lendable(Ty::Buffer));
        if let (Some(source), Some(buffer)) = (source, buffer) {
            let future =
                format!("{}.read(&mut {})", self.scope.var(source).name, self.scope.var(buffer).name);
            let result = self.awaited(&future);
            return match self.ret {
                Ret::Fallible if self.rng.chance(60) => format!("{result}?"),
                _ => format!("{result}.map_or_else(|e| e.0, |n| n)"),
            };
        }
        let Some(index) = self.one_of(self.scope.lendable(Ty::Guard)) else {
            return self.suspend();
        };
        self.scope.lock(index);
        let future = format!("renumber_later(&mut {}, {})", self.scope.var(index).name.clone(), self.int());
        self.scope.unlock(index);
        self.awaited(&future)
    }
}
