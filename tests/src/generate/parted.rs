//! Variables of which a part is taken, and that aren't named again: what is left is dropped with their scope.

use super::body::Writer;
use super::scope::Ty;

impl Writer {
    /// A variable of its own, and what takes a part of it, perhaps after something else.
    pub(super) fn part_taken(&mut self) -> String {
        if let Some(pair) = self.rng.chance(40).then(|| self.moved(Ty::Pair)).flatten() {
            return if self.rng.chance(50) { self.field_taken(&pair) } else { self.fields_by_pattern(&pair) };
        }
        let whole = format!("whole{}", self.number());
        let (value, take): (String, fn(&mut Writer, &str) -> String) = match self.rng.below(7) {
            0 => (self.pair(), Writer::field_taken),
            1 => (self.pair(), Writer::fields_by_pattern),
            2 => (format!("({}, {}, {})", self.guard(), self.pair(), self.guard()), Writer::part_by_pattern),
            3 => (self.beside_a_maybe(), Writer::if_there),
            4 => (self.beside_a_maybe(), Writer::there_or_leave),
            5 => (self.beside_a_maybe(), Writer::arm_of_many),
            _ => {
                let items = format!("vec![{}, {}]", self.guard(), self.guard());
                (format!("({}, {items}, {})", self.guard(), self.guard()), Writer::each_taken)
            }
        };
        let between = if self.rng.chance(30) { self.let_value() } else { String::new() };
        format!("let {whole} = {value};\n{between}\n{}", take(self, &whole))
    }

    fn beside_a_maybe(&mut self) -> String {
        format!("({}, {}, {})", self.guard(), self.maybe(), self.guard())
    }

    fn field_taken(&mut self, whole: &str) -> String {
        let name = self.name();
        let field = self.rng.pick(&["left", "right"]);
        let mutable = self.rng.chance(40);
        self.scope.declare(&name, Ty::Guard, mutable);
        format!("let {}{name} = {whole}.{field};", if mutable { "mut " } else { "" })
    }

    fn fields_by_pattern(&mut self, whole: &str) -> String {
        let name = self.name();
        let field = self.rng.pick(&["left", "right"]);
        self.scope.declare(&name, Ty::Guard, false);
        format!("let Pair {{ {field}: {name}, .. }} = {whole};")
    }

    fn part_by_pattern(&mut self, whole: &str) -> String {
        let (one, two) = (self.name(), self.name());
        if one == two {
            return self.fields_by_pattern(&format!("{whole}.1"));
        }
        self.scope.declare(&one, Ty::Guard, false);
        self.scope.declare(&two, Ty::Guard, false);
        format!("let {one} = {whole}.2;\nlet Pair {{ left: {two}, .. }} = {whole}.1;")
    }

    fn if_there(&mut self, whole: &str) -> String {
        let name = self.name();
        let [yes, no] = self.alternatives([
            &mut |writer| {
                writer.scope.declare(&name, Ty::Guard, false);
                writer.body_open(None)
            },
            &mut |writer| writer.body_of(None),
        ]);
        format!("if let Some({name}) = {whole}.1 {yes} else {no}")
    }

    fn there_or_leave(&mut self, whole: &str) -> String {
        if self.stay > 0 {
            return self.if_there(whole);
        }
        let name = self.name();
        let otherwise = self.else_leave();
        self.scope.declare(&name, Ty::Guard, false);
        format!("let (_, Some({name}), _) = {whole} {otherwise};")
    }

    fn arm_of_many(&mut self, whole: &str) -> String {
        let name = self.name();
        let [both, one] = self.alternatives([
            &mut |writer| {
                writer.scope.declare(&name, Ty::Guard, true);
                writer.arm(None)
            },
            &mut |writer| {
                writer.scope.declare(&name, Ty::Guard, false);
                writer.arm(None)
            },
        ]);
        format!("match {whole} {{ (mut {name}, Some(_), _) => {both}, (_, None, {name}) => {one} }}")
    }

    fn each_taken(&mut self, whole: &str) -> String {
        self.for_each(&format!("{whole}.1"), Ty::Guard)
    }
}
