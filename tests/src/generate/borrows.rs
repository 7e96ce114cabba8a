//! Variables that borrow others: `let`s of them, and loops over what is borrowed.

use super::body::Writer;
use super::scope::{Lent, Ty};

/// A place that holds a guard, as it is written, and whose it is.
#[derive(Clone)]
pub(super) struct Place {
    /// `*held`, or `record.held`.
    pub(super) text: String,
    pub(super) owner: usize,
}

impl Place {
    /// As the receiver of a method.
    pub(super) fn receiver(&self) -> &str {
        self.text.strip_prefix('*').unwrap_or(&self.text)
    }

    pub(super) fn lent(&self, mutably: bool) -> Lent {
        Lent { owner: self.owner, mutably }
    }
}

/// The forms of a `let` that borrows.
#[derive(Clone, Copy)]
enum Borrow {
    Plain,
    Again,
    Method,
    OfTwo,
    Number,
    Parts,
    Slice,
    Split,
    Array,
    Inside,
    Closure,
    Later,
    Called,
    Iterator,
    Owner,
}

const BORROWS: [(usize, Borrow); 15] = [
    (14, Borrow::Plain),
    (6, Borrow::Again),
    (8, Borrow::Method),
    (3, Borrow::OfTwo),
    (7, Borrow::Number),
    (5, Borrow::Parts),
    (5, Borrow::Slice),
    (5, Borrow::Split),
    (4, Borrow::Array),
    (9, Borrow::Inside),
    (8, Borrow::Closure),
    (7, Borrow::Later),
    (4, Borrow::Called),
    (4, Borrow::Iterator),
    (6, Borrow::Owner),
];

impl Writer {
    /// A `let` that borrows; mostly there is a suspension after it, and then the borrow is used.
    pub(super) fn borrow(&mut self) -> String {
        let mark = self.scope.mark();
        let mut text = self.let_borrow();
        if self.scope.is_dead() || self.rng.chance(30) {
            return text;
        }
        if self.may_suspend() && self.rng.chance(80) {
            text += &format!("\nev({});", self.suspend_plainly());
        }
        // What is declared now: none of it is shadowed yet.
        for index in mark..self.scope.mark() {
            if self.rng.chance(60) {
                let used = self.used_if_any(index);
                text += &used.map_or(String::new(), |used| format!("\nev({used});"));
            }
        }
        text
    }

    /// `let` of a variable that borrows, or of one to borrow from.
    pub(super) fn let_borrow(&mut self) -> String {
        for _ in 0..3 {
            let form = self.rng.weighted(&BORROWS);
            if let Some(text) = self.borrow_form(form) {
                return text;
            }
        }
        self.let_owner()
    }

    fn borrow_form(&mut self, form: Borrow) -> Option<String> {
        match form {
            Borrow::Plain => self.let_plain(),
            Borrow::Again => self.let_again(),
            Borrow::Method => self.let_method(),
            Borrow::OfTwo => self.let_of_two(),
            Borrow::Number => self.let_number(),
            Borrow::Parts => self.let_parts(),
            Borrow::Slice => self.let_slice(),
            Borrow::Split => self.let_split(),
            Borrow::Array => self.let_digits(),
            Borrow::Inside => self.let_inside(),
            Borrow::Closure => self.let_borrowing_closure(),
            Borrow::Later => self.let_later(),
            Borrow::Called => self.let_called(),
            Borrow::Iterator => self.let_iterator(),
            Borrow::Owner => Some(self.let_owner()),
        }
    }

    /// Something to borrow from.
    fn let_owner(&mut self) -> String {
        let ty = self.rng.weighted(&[
            (6, Ty::Guard),
            (4, Ty::List),
            (2, Ty::Cell),
            (2, Ty::Lock),
            (2, Ty::Record),
            (2, Ty::Maybe),
            (2, Ty::Int),
            (1, Ty::Numbers),
        ]);
        let value = self.value(ty);
        let name = self.name();
        self.scope.declare(&name, ty, true);
        format!("let mut {name} = {value};")
    }

    /// Places of guards: variables, their parts, and what other borrows refer to.
    fn guard_places(&self, mutably: bool) -> Vec<Place> {
        let of = |ty: Ty| if mutably { self.scope.lendable(ty) } else { self.scope.readable(ty) };
        let through = |ty: Ty| if mutably { self.scope.exclusive(ty) } else { self.scope.readable(ty) };
        let mut places = Vec::new();
        let mut add = |of: Vec<usize>, before: &str, after: &str| {
            places.extend(of.into_iter().map(|owner| {
                let text = format!("{before}{}{after}", self.scope.var(owner).name);
                Place { text, owner }
            }));
        };
        add(of(Ty::Guard), "", "");
        add(of(Ty::Record), "", ".held");
        add(of(Ty::Me), "", ".held");
        add(of(Ty::Pair), "", ".left");
        add(of(Ty::Pair), "", ".right");
        add(of(Ty::List), "", "[0]");
        add(through(Ty::Mutable), "*", "");
        add(of(Ty::Opened), "*", "");
        add(of(Ty::Marker), "*", ".0");
        if !mutably {
            add(of(Ty::Shared), "*", "");
            add(of(Ty::Inside), "*", "");
            add(of(Ty::Reader), "*", ".0");
        }
        places
    }

    /// One of them.
    pub(super) fn guard_place(&mut self, mutably: bool) -> Option<Place> {
        let places = self.guard_places(mutably);
        (!places.is_empty()).then(|| places[self.rng.below(places.len())].clone())
    }

    /// Declares a variable of this value.
    fn hold(&mut self, ty: Ty, mutable: bool, lent: &[Lent], value: &str) -> String {
        let name = self.name();
        self.scope.declare_holder(&name, ty, mutable, lent);
        format!("let {}{name} = {value};", if mutable { "mut " } else { "" })
    }

    /// `let x = &y;`
    fn let_plain(&mut self) -> Option<String> {
        let mutably = self.rng.chance(55);
        let place = self.guard_place(mutably)?;
        let mutable = self.rng.chance(15);
        let lent = [place.lent(mutably)];
        Some(if mutably {
            self.hold(Ty::Mutable, mutable, &lent, &format!("&mut {}", place.text))
        } else {
            self.hold(Ty::Shared, mutable, &lent, &format!("&{}", place.text))
        })
    }

    /// A borrow copied, moved, or borrowed from.
    fn let_again(&mut self) -> Option<String> {
        let types = [Ty::Shared, Ty::Mutable, Ty::Counter, Ty::Slots, Ty::Slice, Ty::Reader, Ty::Opened];
        let ty = self.rng.pick(&types);
        let again = matches!(ty, Ty::Mutable | Ty::Counter | Ty::Slots) && self.rng.chance(60);
        if again {
            let index = self.one_of(self.scope.exclusive(ty))?;
            let value = format!("&mut *{}", self.scope.var(index).name);
            return Some(self.hold(ty, false, &[Lent { owner: index, mutably: true }], &value));
        }
        let index = self.one_of(self.scope.movable(ty))?;
        let (lent, value) = (self.scope.lent_to(index), self.scope.var(index).name.clone());
        self.scope.take(index);
        let mutable = self.rng.chance(30);
        Some(self.hold(ty, mutable, &lent, &value))
    }

    /// What a method gives, or what has a destructor.
    fn let_method(&mut self) -> Option<String> {
        let mutably = self.rng.chance(50);
        if self.rng.chance(35) {
            let types = [Ty::Record, Ty::Me];
            let lendable = |ty: Ty| if mutably { self.scope.lendable(ty) } else { self.scope.readable(ty) };
            let owner = self.one_of(types.into_iter().flat_map(lendable).collect())?;
            let name = self.scope.var(owner).name.clone();
            let (ty, method) = if mutably { (Ty::Mutable, "held_mut") } else { (Ty::Shared, "held") };
            return Some(self.hold(ty, false, &[Lent { owner, mutably }], &format!("{name}.{method}()")));
        }
        let place = self.guard_place(mutably)?;
        let literal = self.rng.chance(50);
        let (ty, value) = match (mutably, literal) {
            (true, true) => (Ty::Marker, format!("Marker(&mut {})", place.text)),
            (true, false) => (Ty::Marker, format!("{}.marker()", place.receiver())),
            (false, true) => (Ty::Reader, format!("Reader(&{})", place.text)),
            (false, false) => (Ty::Reader, format!("{}.reader()", place.receiver())),
        };
        let mutable = mutably || self.rng.chance(20);
        Some(self.hold(ty, mutable, &[place.lent(mutably)], &value))
    }

    /// One of two.
    fn let_of_two(&mut self) -> Option<String> {
        let (one, other) = (self.guard_place(false)?, self.guard_place(false)?);
        let lent = [one.lent(false), other.lent(false)];
        if self.rng.chance(50) {
            let value = format!("longest(&{}, &{})", one.text, other.text);
            return Some(self.hold(Ty::Shared, false, &lent, &value));
        }
        let condition = self.boolean();
        let still = |writer: &Writer, place: &Place| {
            writer
                .guard_places(false)
                .iter()
                .any(|there| there.text == place.text && there.owner == place.owner)
        };
        if !still(self, &one) || !still(self, &other) || self.scope.is_dead() {
            return Some(format!("let _ = {condition};"));
        }
        let value = format!("if {condition} {{ &{} }} else {{ &{} }}", one.text, other.text);
        Some(self.hold(Ty::Shared, false, &lent, &value))
    }

    /// A borrow of a number.
    fn let_number(&mut self) -> Option<String> {
        let mutably = self.rng.chance(60);
        let of = |ty: Ty| if mutably { self.scope.lendable(ty) } else { self.scope.readable(ty) };
        let fields = [Ty::Record, Ty::Me].into_iter().flat_map(of).map(|index| (index, ".n"));
        let whole = of(Ty::Int).into_iter().map(|index| (index, ""));
        let elements = of(Ty::Numbers).into_iter().map(|index| (index, "[3]"));
        let places: Vec<(usize, &str)> = whole.chain(fields).chain(elements).collect();
        if places.is_empty() {
            return None;
        }
        let (owner, part) = self.rng.pick(&places);
        let name = self.scope.var(owner).name.clone();
        let (ty, word) = if mutably { (Ty::Counter, "mut ") } else { (Ty::Seen, "") };
        Some(self.hold(ty, false, &[Lent { owner, mutably }], &format!("&{word}{name}{part}")))
    }

    /// Two names that differ.
    fn two_names(&mut self) -> (String, String) {
        let one = self.name();
        let mut two = self.name();
        while one == two {
            two = self.name();
        }
        (one, two)
    }

    /// Two parts at once.
    fn let_parts(&mut self) -> Option<String> {
        let (one, two) = self.two_names();
        if self.rng.chance(50) {
            let owner = self.one_of(self.scope.lendable(Ty::Pair))?;
            let name = self.scope.var(owner).name.clone();
            let lent = [Lent { owner, mutably: true }];
            self.scope.declare_holder(&one, Ty::Mutable, false, &lent);
            self.scope.declare_holder(&two, Ty::Mutable, false, &lent);
            let pattern = format!("left: {one}, right: {two}");
            let by_word = format!("left: ref mut {one}, right: ref mut {two}");
            return Some(match self.rng.below(3) {
                0 => format!("let Pair {{ {by_word} }} = {name};"),
                1 => format!("let ({one}, {two}) = (&mut {name}.left, &mut {name}.right);"),
                _ => format!("let Pair {{ {pattern} }} = &mut {name};"),
            });
        }
        let types = [Ty::Record, Ty::Me];
        let owner = self.one_of(types.into_iter().flat_map(|ty| self.scope.lendable(ty)).collect())?;
        let name = self.scope.var(owner).name.clone();
        let lent = [Lent { owner, mutably: true }];
        self.scope.declare_holder(&one, Ty::Counter, false, &lent);
        self.scope.declare_holder(&two, Ty::Mutable, false, &lent);
        Some(match self.rng.chance(50) {
            true => format!("let ({one}, {two}) = (&mut {name}.n, &mut {name}.held);"),
            false => format!("let {one} = &mut {name}.n; let {two} = &mut {name}.held;"),
        })
    }

    /// Lists and slices, as they are written.
    fn slices(&self, mutably: bool) -> Vec<Place> {
        let of = |ty: Ty| if mutably { self.scope.lendable(ty) } else { self.scope.readable(ty) };
        let through = |ty: Ty| if mutably { self.scope.exclusive(ty) } else { self.scope.readable(ty) };
        let named = |part: &'static str| {
            move |owner: usize| Place { text: format!("{}{part}", self.scope.var(owner).name), owner }
        };
        let lists = of(Ty::List).into_iter().map(named(""));
        let kids = of(Ty::Me).into_iter().map(named(".kids"));
        let slots = through(Ty::Slots).into_iter().map(named(""));
        let slices = if mutably { Vec::new() } else { self.scope.readable(Ty::Slice) };
        lists.chain(kids).chain(slots).chain(slices.into_iter().map(named(""))).collect()
    }

    fn slice_of(&mut self, mutably: bool) -> Option<Place> {
        let places = self.slices(mutably);
        (!places.is_empty()).then(|| places[self.rng.below(places.len())].clone())
    }

    /// Part of a list.
    fn let_slice(&mut self) -> Option<String> {
        let mutably = self.rng.chance(50);
        let Place { text, owner } = self.slice_of(mutably)?;
        let range = self.rng.pick(&["..", "..1", "..=0"]);
        let (ty, value) = match (mutably, self.rng.below(3)) {
            (true, 0) => (Ty::Slots, format!("{text}.as_mut()")),
            (true, _) => (Ty::Slots, format!("&mut {text}[{range}]")),
            (false, 0) => (Ty::Shared, format!("{text}.iter().max_by_key(|guard| guard.id()).unwrap()")),
            (false, _) => (Ty::Slice, format!("&{text}[{range}]")),
        };
        let value = if value.ends_with("as_mut()") { format!("&mut {text}[..]") } else { value };
        Some(self.hold(ty, false, &[Lent { owner, mutably }], &value))
    }

    /// Two parts of a list.
    fn let_split(&mut self) -> Option<String> {
        let mutably = self.rng.chance(55);
        let Place { text, owner } = self.slice_of(mutably)?;
        let (one, two) = self.two_names();
        let (ty, method) = if mutably { (Ty::Slots, "split_at_mut") } else { (Ty::Slice, "split_at") };
        let lent = [Lent { owner, mutably }];
        self.scope.declare_holder(&one, ty, false, &lent);
        self.scope.declare_holder(&two, ty, false, &lent);
        Some(format!("let ({one}, {two}) = {text}.{method}(1);"))
    }

    /// Part of an array.
    fn let_digits(&mut self) -> Option<String> {
        if self.rng.chance(40) {
            let owner = self.one_of(self.scope.lendable(Ty::Numbers))?;
            let (one, two) = self.two_names();
            let name = self.scope.var(owner).name.clone();
            let lent = [Lent { owner, mutably: true }];
            self.scope.declare_holder(&one, Ty::Counter, false, &lent);
            self.scope.declare_holder(&two, Ty::Counter, false, &lent);
            return Some(format!("let [{one}, .., {two}] = &mut {name};"));
        }
        let owner = self.one_of(self.scope.readable(Ty::Numbers))?;
        let name = self.scope.var(owner).name.clone();
        let range = self.rng.pick(&["[..]", "[2..9]", ""]);
        let ty = if range.is_empty() { ": &[i64]" } else { "" };
        let holder = self.name();
        self.scope.declare_holder(&holder, Ty::Digits, false, &[Lent { owner, mutably: false }]);
        Some(format!("let {holder}{ty} = &{name}{range};"))
    }

    /// A guard of a cell or of a lock.
    fn let_inside(&mut self) -> Option<String> {
        if self.rng.chance(50) {
            let mutably = self.rng.chance(50);
            let cells = self.scope.readable(Ty::Cell);
            let free: Vec<usize> = cells.iter().copied().filter(|at| self.scope.is_free(*at)).collect();
            let owner = self.one_of(if mutably { free } else { cells })?;
            let name = self.scope.var(owner).name.clone();
            // Nobody else may look at the cell then: that would panic.
            let lent = [Lent { owner, mutably }];
            return Some(match mutably {
                true => self.hold(Ty::Opened, true, &lent, &format!("{name}.borrow_mut()")),
                false => self.hold(Ty::Inside, false, &lent, &format!("{name}.borrow()")),
            });
        }
        let locks = self.scope.readable(Ty::Lock).into_iter();
        let owner = self.one_of(locks.filter(|at| self.scope.is_free(*at)).collect())?;
        let name = self.scope.var(owner).name.clone();
        let lent = [Lent { owner, mutably: true }];
        let value = if self.flavour.awaits() && self.may_suspend() && self.rng.chance(75) {
            self.awaited(&format!("{name}.lock()"))
        } else {
            format!("{name}.enter()")
        };
        Some(self.hold(Ty::Opened, true, &lent, &value))
    }

    /// A closure that borrows what it looks at or changes.
    fn let_borrowing_closure(&mut self) -> Option<String> {
        let parameter = self.name();
        let mutably = self.rng.chance(55);
        if mutably
            && self.rng.chance(40)
            && let Some(owner) = self.one_of(self.scope.lendable(Ty::Int))
            && self.scope.var(owner).name != parameter
        {
            let name = self.scope.var(owner).name.clone();
            let value = format!("|{parameter}: i64| {{ {name} ^= {parameter}; {name} }}");
            return Some(self.hold(Ty::Changes, true, &[Lent { owner, mutably }], &value));
        }
        let place = self.guard_place(mutably)?;
        if self.scope.var(place.owner).name == parameter {
            return None;
        }
        let (receiver, lent) = (place.receiver(), [place.lent(mutably)]);
        Some(if mutably {
            let value = format!("|{parameter}: i64| {receiver}.renumber({parameter})");
            self.hold(Ty::Changes, true, &lent, &value)
        } else {
            let value = format!("|{parameter}: i64| {receiver}.plus({parameter})");
            self.hold(Ty::Looks, false, &lent, &value)
        })
    }

    /// A future that borrows, to be awaited later.
    fn let_later(&mut self) -> Option<String> {
        if !self.flavour.awaits() {
            return None;
        }
        if self.rng.chance(30)
            && let Some(source) = self.one_of(self.scope.lendable(Ty::Source))
            && let Some(buffer) = self.one_of(self.scope.lendable(Ty::Buffer))
        {
            let (from, into) = (self.scope.var(source).name.clone(), self.scope.var(buffer).name.clone());
            let lent = [source, buffer].map(|owner| Lent { owner, mutably: true });
            let value = format!("async {{ {from}.read(&mut {into}).await.map_or_else(|e| e.0, |n| n) }}");
            return Some(self.hold(Ty::Later, false, &lent, &value));
        }
        let place = self.guard_place(true)?;
        self.scope.lock(place.owner);
        let n = self.int();
        self.scope.unlock(place.owner);
        if self.scope.is_dead() {
            return Some(format!("let _ = {n};"));
        }
        let value = format!("renumber_later(&mut {}, {n})", place.text);
        Some(self.hold(Ty::Later, false, &[place.lent(true)], &value))
    }

    /// A child that borrows, to be delegated to later.
    fn let_called(&mut self) -> Option<String> {
        let borrows = |at: &usize| self.children[*at].arguments.contains(&Ty::Mutable);
        let fitting = (0..self.children.len()).filter(borrows).collect();
        let child = self.one_of(fitting)?;
        let (call, lent) = self.called(child);
        if self.scope.is_dead() {
            return Some(format!("let _ = {call};"));
        }
        let name = self.name();
        self.scope.declare_holder(&name, Ty::Called, false, &lent);
        self.scope.set_note(child);
        Some(format!("let {name} = {call};"))
    }

    /// An iterator over what is borrowed, in a variable.
    fn let_iterator(&mut self) -> Option<String> {
        let mutably = self.rng.chance(40);
        let Place { text, owner } = self.slice_of(mutably)?;
        let mut lent = vec![Lent { owner, mutably }];
        Some(if mutably {
            self.hold(Ty::IterMut, true, &lent, &format!("{text}.iter_mut()"))
        } else {
            let chain = self.chain(&mut lent);
            self.hold(Ty::Iter, true, &lent, &format!("{text}.iter(){chain}"))
        })
    }

    /// Adaptors that keep the items.
    fn chain(&mut self, lent: &mut Vec<Lent>) -> String {
        match self.rng.below(5) {
            0 => ".rev()".to_owned(),
            1 => format!(".skip(few({}) as usize)", self.int_leaf()),
            2 => match self.guard_place(false) {
                Some(place) => {
                    lent.push(place.lent(false));
                    format!(".filter(|guard| guard.id() >= {}.id())", place.receiver())
                }
                _ => String::new(),
            },
            3 => match self.slice_of(false) {
                Some(place) => {
                    lent.push(place.lent(false));
                    format!(".chain({}.iter())", place.text)
                }
                None => String::new(),
            },
            _ => String::new(),
        }
    }

    /// A loop over what is borrowed: the iterable, the pattern, and the variables of that with what is borrowed.
    pub(super) fn for_borrowed(&mut self) -> Option<String> {
        if self.rng.chance(12) {
            return self.for_drained();
        }
        let mutably = self.rng.chance(45);
        let place = self.slice_of(mutably)?;
        let mut lent = vec![place.lent(mutably)];
        let text = &place.text;
        let vec = !matches!(self.scope.var(place.owner).ty, Ty::Slots | Ty::Slice);
        let name = self.name();
        let (mut pattern, mut ty) = (name.clone(), if mutably { Ty::Mutable } else { Ty::Shared });
        let iterable = match (mutably, self.rng.below(5)) {
            (true, 0) if vec => format!("&mut {text}"),
            (true, 1) => {
                pattern = format!("(_, {name})");
                format!("{text}.iter_mut().enumerate()")
            }
            (true, _) => format!("{text}.iter_mut()"),
            (false, 0) if vec => format!("&{text}"),
            (false, 1) => {
                pattern = format!("(_, {name})");
                format!("{text}.iter(){}.enumerate()", self.chain(&mut lent))
            }
            (false, 2) => {
                ty = Ty::Int;
                format!("{text}.iter(){}.map(|guard| ev(guard.id()))", self.chain(&mut lent))
            }
            (false, _) => format!("{text}.iter(){}", self.chain(&mut lent)),
        };
        Some(self.loop_over(&iterable, &pattern, &name, ty, &lent))
    }

    /// A loop over what is taken out of a list, but for the first.
    fn for_drained(&mut self) -> Option<String> {
        let owner = self.one_of(self.scope.lendable(Ty::List))?;
        let (list, name) = (self.scope.var(owner).name.clone(), self.name());
        let lent = [Lent { owner, mutably: true }];
        Some(self.loop_over(&format!("{list}.drain(1..)"), &name, &name, Ty::Guard, &lent))
    }

    fn loop_over(&mut self, iterable: &str, pattern: &str, name: &str, ty: Ty, lent: &[Lent]) -> String {
        let mark = self.scope.mark();
        let before = self.scope.flow(mark);
        let borrow = |writer: &mut Writer| {
            lent.iter().for_each(|lent| match lent.mutably {
                true => writer.scope.lock(lent.owner),
                false => writer.scope.freeze(lent.owner),
            });
        };
        let give_back = |writer: &mut Writer| {
            lent.iter().for_each(|lent| match lent.mutably {
                true => writer.scope.unlock(lent.owner),
                false => writer.scope.thaw(lent.owner),
            });
        };
        borrow(self);
        let (label, text, exits) = self.framed(None, true, |writer| {
            let owned = matches!(ty, Ty::Guard | Ty::Int);
            let lent = if owned { &[] } else { lent };
            writer.scope.declare_holder(name, ty, false, lent);
            writer.body_of(None)
        });
        give_back(self);
        self.scope.restore(&before);
        self.scope.join(&exits);
        format!("{label}: for {pattern} in {iterable} {text}")
    }
}
