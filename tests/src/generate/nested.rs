//! Closures, items inside of bodies, and leaving from inside of an operand.

use super::body::Writer;
use super::scope::Ty;

impl Writer {
    /// A closure called: one that a variable holds, or one on the spot that borrows a local.
    pub(super) fn closure(&mut self) -> String {
        if let Some(index) = self.one_of(self.scope.readable(Ty::Closure)) {
            self.scope.freeze(index);
            let text = format!("{}({})", self.scope.var(index).name.clone(), self.int());
            self.scope.thaw(index);
            return text;
        }
        let parameter = self.name();
        let captured =
            self.one_of(self.scope.readable(Ty::Guard)).filter(|at| self.scope.var(*at).name != parameter);
        let shown = captured.map_or("0".to_owned(), |index| format!("{}.id()", self.scope.var(index).name));
        captured.inspect(|index| self.scope.freeze(*index));
        let text = match self.rng.below(3) {
            0 => format!("(|{parameter}: i64| (|n| add(n, {shown}))({parameter}))({})", self.int()),
            _ => format!("(|{parameter}: i64| add({parameter}, {shown}))({})", self.int()),
        };
        captured.inspect(|index| self.scope.thaw(*index));
        text
    }

    /// A closure in a variable, with what it captures moved into it, perhaps by way of another closure.
    pub(super) fn let_closure(&mut self) -> String {
        let guard = self.rng.chance(60).then(|| self.moved(Ty::Guard)).flatten();
        let number = self.one_of(self.scope.readable(Ty::Int));
        let number = number.map_or("1".to_owned(), |index| self.scope.var(index).name.clone());
        let shown = guard.map_or("2".to_owned(), |guard| format!("{guard}.id()"));
        let name = self.name();
        self.scope.declare(&name, Ty::Closure, false);
        match self.rng.below(3) {
            0 => format!(
                "let {name} = {{ let inner = move |x: i64| add(x, {shown}); move |y: i64| inner(add(y, {number})) }};"
            ),
            1 => {
                format!(
                    "let {name} = move |x: i64| {{ let inner = |z: i64| add(z, {number}); add(inner(x), {shown}) }};"
                )
            }
            _ => format!("let {name} = move |x: i64| add(x, add({number}, {shown}));"),
        }
    }

    /// An item of the body, used before or after it stands there.
    pub(super) fn item(&mut self) -> String {
        let number = self.number();
        let (item, used) = match self.rng.below(4) {
            0 => (format!("const K{number}: i64 = {number};"), format!("K{number}")),
            1 => {
                let body = "let b = guard(a); ev(b.id())";
                (format!("fn f{number}(a: i64) -> i64 {{ {body} }}"), format!("f{number}({})", self.int()))
            }
            2 => {
                let item = format!(
                    "struct S{number}(Guard); impl S{number} {{ fn seen(&self, a: i64) -> i64 {{ self.0.plus(a) }} }}"
                );
                (item, format!("S{number}({}).seen({})", self.guard(), self.int()))
            }
            _ => {
                let item = format!("enum E{number} {{ One(i64), Two }}");
                let made = format!("E{number}::One({})", self.int());
                (item, format!("(match {made} {{ E{number}::One(n) => ev(n), E{number}::Two => 0 }})"))
            }
        };
        let used = format!("ev({used});");
        if self.rng.chance(50) { format!("{{ {item} {used} }}") } else { format!("{{ {used} {item} }}") }
    }

    /// A number that never comes: control leaves from inside of the operand.
    pub(super) fn leaving(&mut self) -> String {
        if self.stay > 0 {
            return self.suspend();
        }
        let text = self.leave();
        let dead = self.scope.is_dead();
        match (dead, text.strip_suffix(';')) {
            (true, Some(leaves)) if self.rng.chance(50) => format!("typed::<i64>({leaves})"),
            (true, _) => format!("typed::<i64>({{ {text} }})"),
            (false, _) => format!("{{ {text} {} }}", self.int_leaf()),
        }
    }
}
