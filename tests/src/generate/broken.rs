//! Uses that the borrow checker refuses: what is borrowed is changed, moved or dropped, and the borrow used afterwards.

use super::body::Writer;
use super::scope::{Lent, Ty};

impl Writer {
    /// Statements at the end of a body that break a rule of borrowing, across a suspension.
    pub(super) fn broken(&mut self) -> Vec<String> {
        match self.rng.below(9) {
            0 => self.outlived(),
            1 => self.dropped_first(),
            2 => self.kept_in_a_loop(),
            3 => self.changed_in_a_loop(),
            4 => self.pushed(),
            _ => self.used_while_borrowed(),
        }
    }

    fn waits(&mut self) -> String {
        format!("ev({});", self.suspend_plainly())
    }

    /// A holder, made for this if there is none, with what it borrows.
    fn held(&mut self) -> (usize, Vec<Lent>, Vec<String>) {
        let fits = |writer: &Writer| {
            let direct = |lent: &Lent| {
                let ty = writer.scope.var(lent.owner).ty;
                writer.scope.is_shown(lent.owner)
                    && matches!(ty, Ty::Guard | Ty::List | Ty::Record | Ty::Pair | Ty::Maybe)
            };
            let usable = |at: usize| {
                let ty = writer.scope.var(at).ty;
                !matches!(ty, Ty::Called) && writer.scope.readable(ty).contains(&at)
            };
            let holders = writer.scope.holders().into_iter();
            holders.filter(|(at, lent)| usable(*at) && lent.iter().any(direct)).collect::<Vec<_>>()
        };
        let mut lines = Vec::new();
        for _ in 0..8 {
            let holders = fits(self);
            if !holders.is_empty() && self.rng.chance(70) {
                let (at, lent) = holders[self.rng.below(holders.len())].clone();
                return (at, lent, lines);
            }
            lines.push(self.let_borrow());
        }
        let owner = self.scope.mark();
        self.scope.declare("y", Ty::Guard, true);
        let lent = vec![Lent { owner, mutably: false }];
        self.scope.declare_holder("z", Ty::Shared, false, &lent);
        lines.push("let mut y = guard(1); let z = &y;".to_owned());
        (owner + 1, lent, lines)
    }

    /// What is borrowed is used in a way that the borrow forbids; then the borrow is.
    fn used_while_borrowed(&mut self) -> Vec<String> {
        let (holder, lent, mut lines) = self.held();
        let owners: Vec<Lent> = lent.into_iter().filter(|lent| self.scope.is_shown(lent.owner)).collect();
        let Lent { owner, mutably } = owners[self.rng.below(owners.len())];
        let (name, ty) = (self.scope.var(owner).name.clone(), self.scope.var(owner).ty);
        if self.rng.chance(70) {
            lines.push(self.waits());
        }
        lines.push(match self.rng.below(if mutably { 5 } else { 4 }) {
            0 => format!("drop({name});"),
            1 => format!("let moved = {name};"),
            2 => format!("let again = &mut {name}; {} let _ = &again;", self.waits()),
            3 if ty == Ty::Guard => format!("{name} = guard(1);"),
            3 => format!("let moved = move || drop({name}); {} moved();", self.waits()),
            _ => format!("let seen = &{name}; {} let _ = std::mem::size_of_val(seen);", self.waits()),
        });
        if self.rng.chance(70) {
            lines.push(self.waits());
        }
        let name = &self.scope.var(holder).name;
        lines.push(format!("drop({name});"));
        lines
    }

    /// A borrow of a variable that isn't there any more.
    fn outlived(&mut self) -> Vec<String> {
        let (one, two) = (self.waits(), self.waits());
        let value = self.rng.pick(&["&y", "Reader(&y)", "longest(&y, &y)", "y.reader()"]);
        vec![
            "let z;".to_owned(),
            format!("{{ let y = guard(1); z = {value}; {one} }}"),
            two,
            "drop(z);".to_owned(),
        ]
    }

    /// What has a destructor is dropped after what it borrows.
    fn dropped_first(&mut self) -> Vec<String> {
        let waits = self.waits();
        let value = self.rng.pick(&["Reader(&y)", "y.reader()", "Marker(&mut y)", "y.marker()"]);
        vec!["let z;".to_owned(), "let mut y = guard(1);".to_owned(), format!("z = {value};"), waits]
    }

    /// A borrow kept over the turns of a loop, of a variable that is made in each.
    fn kept_in_a_loop(&mut self) -> Vec<String> {
        let (one, two) = (self.waits(), self.waits());
        let seen = "if let Some(z) = last { ev(z.id()); }";
        vec![
            "let mut last: Option<&Guard> = None;".to_owned(),
            format!("while fuel() {{ let y = guard(1); {one} {seen} last = Some(&y); {two} }}"),
        ]
    }

    /// A list that is changed while a loop goes over it.
    fn changed_in_a_loop(&mut self) -> Vec<String> {
        let waits = self.waits();
        let change = self.rng.pick(&[
            "y.push(guard(4));",
            "y = list(3);",
            "drop(y);",
            "ev(renumber_first(&mut y, 3));",
            "for w in y.iter_mut() { ev(w.id()); }",
        ]);
        let iter = self.rng.pick(&["&y", "y.iter()", "y.iter().enumerate()", "y.iter_mut()", "y.drain(1..)"]);
        vec!["let mut y = list(1);".to_owned(), format!("for z in {iter} {{ {waits} {change} let _ = &z; }}")]
    }

    /// A borrow put into what lives longer.
    fn pushed(&mut self) -> Vec<String> {
        let (one, two) = (self.waits(), self.waits());
        vec![
            "let mut z = Vec::new();".to_owned(),
            format!("{{ let y = guard(1); z.push(&y); {one} }}"),
            two,
            "ev(z.len() as i64);".to_owned(),
        ]
    }
}
