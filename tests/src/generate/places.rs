//! Values with parts: arrays, records, and the receiver of a method. Their parts are read and assigned.

use super::body::Writer;
use super::scope::Ty;

/// Which part of a value is meant, and how it may be used.
#[derive(Clone, Copy)]
enum Part {
    /// An element of an array, under an index that is a number.
    Element,
    /// The number of a record.
    Number,
    /// The guard of a record.
    Held,
}

impl Writer {
    /// An array of equal numbers. Of a literal it is one that can be held in place.
    pub(super) fn numbers(&mut self) -> String {
        match self.one_of(self.scope.readable(Ty::Numbers)) {
            Some(index) if self.rng.chance(25) => self.scope.var(index).name.clone(),
            _ if self.rng.chance(70) => format!("[{}i64; 32]", self.number()),
            _ => format!("[{}; 32]", self.int()),
        }
    }

    /// A record: all its fields, or some of them and the rest from another.
    pub(super) fn record(&mut self) -> String {
        if let Some(name) = self.rng.chance(30).then(|| self.moved(Ty::Record)).flatten() {
            return name;
        }
        self.deeper(|writer| match writer.rng.below(4) {
            0 => format!("Record {{ n: {}, held: {} }}", writer.int(), writer.guard()),
            1 => format!("Record {{ held: {}, ..record({}) }}", writer.guard(), writer.int()),
            2 => {
                let n = writer.int();
                let rest = writer.moved(Ty::Record).unwrap_or_else(|| format!("record({})", writer.number()));
                format!("Record {{ n: {n}, ..{rest} }}")
            }
            _ => format!("record({})", writer.int()),
        })
    }

    /// A number that is part of something.
    pub(super) fn part(&mut self) -> String {
        match self.rng.below(6) {
            0..=1 => self.element(),
            2 => self.slice(),
            3 => self.method(),
            _ => match self.one_of(self.with_fields()) {
                Some(index) => self.field(index),
                None => self.element(),
            },
        }
    }

    /// Values with the fields of a record.
    fn with_fields(&self) -> Vec<usize> {
        [Ty::Record, Ty::Me].into_iter().flat_map(|ty| self.scope.readable(ty)).collect()
    }

    fn field(&mut self, index: usize) -> String {
        let name = self.scope.var(index).name.clone();
        match self.rng.below(3) {
            0 => format!("{name}.held.id()"),
            1 => format!("peek(&{name}.held)"),
            _ => format!("{name}.n"),
        }
    }

    /// An element, under an index that may suspend.
    fn element(&mut self) -> String {
        let Some(index) = self.one_of(self.scope.readable(Ty::Numbers)) else {
            return format!("[{}; 4][({} & 3) as usize]", self.int(), self.int());
        };
        let name = self.scope.var(index).name.clone();
        self.scope.freeze(index);
        let text = format!("{name}[({} & 31) as usize]", self.int());
        self.scope.thaw(index);
        text
    }

    /// A sum over part of an array.
    fn slice(&mut self) -> String {
        let Some(index) = self.one_of(self.scope.readable(Ty::Numbers)) else {
            return self.element();
        };
        let name = self.scope.var(index).name.clone();
        self.scope.freeze(index);
        let range = format!("few({}) as usize..=(3 + few({})) as usize", self.int(), self.int());
        self.scope.thaw(index);
        format!("{name}[{range}].iter().fold(0, |sum, n| add(sum, *n))")
    }

    /// A method of the receiver, which it borrows while its operand is evaluated.
    fn method(&mut self) -> String {
        if self.rng.chance(50)
            && let Some(index) = self.one_of(self.scope.lendable(Ty::Me))
        {
            self.scope.freeze(index);
            let text = format!("self.up({})", self.int());
            self.scope.thaw(index);
            return text;
        }
        let Some(index) = self.one_of(self.scope.readable(Ty::Me)) else {
            return self.element();
        };
        self.scope.freeze(index);
        let text = format!("self.seen({})", self.int());
        self.scope.thaw(index);
        text
    }

    /// A part of something is given a value, or changed by one.
    pub(super) fn store(&mut self) -> String {
        let parts = [Part::Element, Part::Element, Part::Number, Part::Held];
        let part = self.rng.pick(&parts);
        let types: &[Ty] = if matches!(part, Part::Element) { &[Ty::Numbers] } else { &[Ty::Record, Ty::Me] };
        let places: Vec<usize> = types.iter().flat_map(|ty| self.scope.lendable(*ty)).collect();
        let Some(index) = self.one_of(places) else {
            return self.assign();
        };
        let name = self.scope.var(index).name.clone();
        // What is assigned is evaluated before the place, and may have moved it.
        let value = if matches!(part, Part::Held) { self.guard() } else { self.int() };
        let still = types.iter().any(|ty| self.scope.lendable(*ty).contains(&index));
        if !still {
            return format!("let _ = {value};");
        }
        let operator = self.rng.pick(&["=", "^=", "|="]);
        match part {
            Part::Held => format!("{name}.held = {value};"),
            Part::Number => format!("{name}.n {operator} {value};"),
            Part::Element => {
                self.scope.freeze(index);
                let text = format!("{name}[({} & 31) as usize] {operator} {value};", self.int());
                self.scope.thaw(index);
                text
            }
        }
    }

    /// A number from a range.
    pub(super) fn range(&mut self) -> String {
        match self.rng.below(3) {
            0 => format!("(({}..{}).contains(&{}) as i64)", self.int(), self.int(), self.int()),
            1 => format!("({}..=few({})).fold(0, add)", self.int_leaf(), self.int()),
            _ => format!("(few({})..).next().unwrap_or({})", self.int(), self.int_leaf()),
        }
    }
}
