//! Variables taken apart: by assignments to patterns, and by closures.

use super::body::Writer;
use super::scope::Ty;

impl Writer {
    /// Something is taken of a variable, or given to several.
    pub(super) fn take_apart(&mut self) -> String {
        match self.rng.below(6) {
            0 => match self.one_of(self.scope.readable(Ty::Guard)) {
                Some(index) => format!("_ = {};", self.scope.var(index).name),
                None => self.assign(),
            },
            1 => self.assign_two(),
            _ => match self.taken() {
                Some(taken) => self.by_closure(&taken),
                None => self.assign_two(),
            },
        }
    }

    /// Two guards are assigned to at once.
    fn assign_two(&mut self) -> String {
        let pair = self.moved(Ty::Pair);
        let value = pair.clone().unwrap_or_else(|| format!("({}, {})", self.guard(), self.guard()));
        let written = |left: &str, right: &str| match pair {
            Some(_) => format!("Pair {{ left: {left}, right: {right} }}"),
            None => format!("({left}, {right})"),
        };
        let mut places = self.scope.assignable(Ty::Guard);
        let left = self.one_of(places.clone());
        places.retain(|index| Some(*index) != left);
        let right = self.one_of(places);
        let (Some(left), Some(right)) = (left, right) else {
            return format!("{{ let {} = {value}; drop((left, right)); }}", written("left", "right"));
        };
        let [left, right] = [left, right].map(|index| {
            self.scope.assign(index);
            self.scope.var(index).name.clone()
        });
        format!("{} = {value};", written(&left, &right))
    }

    /// A number made of a variable that is used up by it.
    fn taken(&mut self) -> Option<String> {
        let ty = self.rng.pick(&[Ty::Pair, Ty::Record, Ty::Maybe, Ty::Guard]);
        let name = self.moved(ty)?;
        Some(match (ty, self.rng.below(3)) {
            (Ty::Pair, 0) => format!("let whole = {name}; add(whole.left.id(), 1)"),
            (Ty::Pair, 1) => {
                format!("match {name} {{ Pair {{ left, right }} => add(left.id(), right.id()) }}")
            }
            (Ty::Pair, _) => {
                format!("let Pair {{ left, right }} = {name}; drop(right); left.id()")
            }
            (Ty::Record, 0) => format!("let Record {{ n, held }} = {name}; add(n, held.id())"),
            (Ty::Record, _) => format!("let whole = {name}; add(whole.n, peek(&whole.held))"),
            (Ty::Maybe, 0) => format!("if let Some(held) = {name} {{ held.id() }} else {{ 1 }}"),
            (Ty::Maybe, 1) => format!("match {name} {{ Some(ref held) => held.id(), None => 2 }}"),
            (Ty::Maybe, _) => format!("{name}.map_or(3, |held| held.id())"),
            (_, 0) => format!("let held = {name}; held.id()"),
            (_, 1) => format!("{name}.id()"),
            _ => format!("let _ = {name}; 4"),
        })
    }

    /// What a closure does that is called at once, or after a suspension.
    fn by_closure(&mut self, body: &str) -> String {
        match self.rng.below(5) {
            0 => format!("ev((|| {{ {body} }})());"),
            1 => format!("ev((move || {{ {body} }})());"),
            2 => format!("ev({{ {body} }});"),
            3 => format!("{{ let used = move || {{ {body} }}; ev(used()); }}"),
            _ => {
                let first = self.int();
                format!("{{ let used = move || {{ {body} }}; let first = {first}; ev(add(first, used())); }}")
            }
        }
    }
}
