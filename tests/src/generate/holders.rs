//! What is done with variables that borrow: they are looked at, changed through, let go.

use super::body::Writer;
use super::scope::Ty;

/// The types of variables that borrow, and of those that are borrowed from in ways of their own.
const USED: [Ty; 20] = [
    Ty::Shared,
    Ty::Mutable,
    Ty::Mutable,
    Ty::Seen,
    Ty::Counter,
    Ty::Slice,
    Ty::Slots,
    Ty::Digits,
    Ty::Reader,
    Ty::Marker,
    Ty::Inside,
    Ty::Opened,
    Ty::Iter,
    Ty::IterMut,
    Ty::Looks,
    Ty::Changes,
    Ty::Later,
    Ty::List,
    Ty::Cell,
    Ty::Lock,
];

impl Writer {
    /// A number from a variable that borrows, if there is one.
    pub(super) fn through(&mut self) -> Option<String> {
        let there =
            USED.into_iter().flat_map(|ty| self.scope.readable(ty).into_iter().map(move |at| (at, ty)));
        let there: Vec<(usize, Ty)> = there.collect();
        if there.is_empty() {
            return None;
        }
        let (index, ty) = self.rng.pick(&there);
        self.used(index, ty)
    }

    /// A number from this variable, if there can be one.
    pub(super) fn used_if_any(&mut self, index: usize) -> Option<String> {
        let ty = self.scope.var(index).ty;
        let here = USED.contains(&ty) && self.scope.readable(ty).contains(&index);
        here.then(|| self.used(index, ty)).flatten()
    }

    fn used(&mut self, index: usize, ty: Ty) -> Option<String> {
        let name = self.scope.var(index).name.clone();
        let changes = self.scope.exclusive(ty).contains(&index);
        let mutable = changes && self.scope.var(index).mutable;
        Some(match ty {
            Ty::Shared | Ty::Reader | Ty::Inside => self.looked(index, &name, ty),
            Ty::Mutable | Ty::Marker | Ty::Opened => {
                let may = if ty == Ty::Mutable { changes } else { mutable };
                if may { self.changed(index, &name, ty) } else { self.looked(index, &name, ty) }
            }
            Ty::Seen => format!("*{name}"),
            Ty::Counter => format!("*{name}"),
            Ty::Slice => self.of_slice(&name),
            Ty::Slots if changes && self.rng.chance(50) => {
                self.scope.lock(index);
                let text = format!("renumber_first({name}, {})", self.int());
                self.scope.unlock(index);
                text
            }
            Ty::Slots => self.of_slice(&name),
            Ty::Digits => format!("{name}.iter().fold(0, |sum, n| add(sum, *n))"),
            Ty::Iter if mutable => format!("{name}.next().map_or(0, |guard| guard.id())"),
            Ty::IterMut if mutable => {
                format!("{name}.next().map_or(0, |guard| guard.renumber({}))", self.number())
            }
            Ty::Looks => self.with_operand(index, false, &name, ""),
            Ty::Changes if mutable => self.with_operand(index, true, &name, ""),
            Ty::Later if self.may_suspend() && self.scope.movable(ty).contains(&index) => {
                self.scope.take(index);
                self.awaited(&name)
            }
            Ty::List => match self.rng.below(3) {
                0 => format!("sum(&{name})"),
                // Its index is computed before the operand: where that suspends it is refused.
                1 => format!("{name}[0].plus({})", self.int_quiet()),
                _ => format!("({name}.len() as i64)"),
            },
            Ty::Cell if self.scope.is_free(index) => format!("{name}.borrow().id()"),
            Ty::Cell => format!("({name}.try_borrow_mut().is_ok() as i64)"),
            Ty::Lock => format!("({name}.is_taken() as i64)"),
            _ => return None,
        })
    }

    /// `callee.method(operand)`, where the variable is borrowed while the operand is evaluated.
    fn with_operand(&mut self, index: usize, mutably: bool, callee: &str, method: &str) -> String {
        if mutably {
            self.scope.lock(index)
        } else {
            self.scope.freeze(index)
        }
        let text = format!("{callee}{method}({})", self.int());
        if mutably {
            self.scope.unlock(index)
        } else {
            self.scope.thaw(index)
        }
        text
    }

    fn looked(&mut self, index: usize, name: &str, ty: Ty) -> String {
        if ty == Ty::Reader {
            return self.with_operand(index, false, name, ".seen");
        }
        let part = if ty == Ty::Marker { ".0" } else { "" };
        match self.rng.below(3) {
            0 => self.with_operand(index, false, &format!("{name}{part}"), ".plus"),
            1 => format!("peek(&*{name}{part})"),
            _ => format!("{name}{part}.id()"),
        }
    }

    fn changed(&mut self, index: usize, name: &str, ty: Ty) -> String {
        if ty == Ty::Marker {
            return self.with_operand(index, true, name, ".mark");
        }
        match self.rng.below(4) {
            0 => self.looked(index, name, ty),
            1 if self.flavour.awaits() && self.may_suspend() => {
                self.scope.lock(index);
                let lent = if ty == Ty::Mutable { name.to_owned() } else { format!("&mut {name}") };
                let future = format!("renumber_later({lent}, {})", self.int());
                self.scope.unlock(index);
                self.awaited(&future)
            }
            2 => {
                self.scope.lock(index);
                let text = format!("consume(swap(&mut *{name}, {}))", self.guard());
                self.scope.unlock(index);
                text
            }
            // Of what is dereferenced no more may be read meanwhile.
            _ => self.with_operand(index, true, name, ".renumber"),
        }
    }

    fn of_slice(&mut self, name: &str) -> String {
        match self.rng.below(3) {
            0 => format!("({name}.len() as i64)"),
            1 => format!("{name}.iter().fold(0, |sum, guard| add(sum, guard.id()))"),
            _ => format!("sum({name})"),
        }
    }

    /// What is borrowed is changed, or a list is; or a holder isn't used again.
    pub(super) fn change(&mut self) -> String {
        match self.rng.below(5) {
            0 => self.assign_through(),
            1 => self.count_through(),
            2 => self.change_list(),
            3 => self.let_go(),
            _ => self.through().map(|used| format!("ev({used});")),
        }
        .unwrap_or_else(|| self.let_borrow())
    }

    /// `*x = guard;`
    fn assign_through(&mut self) -> Option<String> {
        let ty = self.rng.pick(&[Ty::Mutable, Ty::Mutable, Ty::Opened]);
        let may = |writer: &Writer| match ty {
            Ty::Mutable => writer.scope.exclusive(ty),
            _ => writer.scope.lendable(ty),
        };
        let index = self.one_of(may(self))?;
        let name = self.scope.var(index).name.clone();
        // The value is evaluated first, and may have let go of it.
        let value = self.guard();
        let still = !self.scope.is_dead() && may(self).contains(&index);
        Some(if still { format!("*{name} = {value};") } else { format!("let _ = {value};") })
    }

    /// `*x ^= n;`
    fn count_through(&mut self) -> Option<String> {
        let index = self.one_of(self.scope.exclusive(Ty::Counter))?;
        let name = self.scope.var(index).name.clone();
        let value = self.int();
        let still = !self.scope.is_dead() && self.scope.exclusive(Ty::Counter).contains(&index);
        Some(if still { format!("*{name} ^= {value};") } else { format!("let _ = {value};") })
    }

    fn change_list(&mut self) -> Option<String> {
        let index = self.one_of(self.scope.lendable(Ty::List))?;
        let name = self.scope.var(index).name.clone();
        Some(match self.rng.below(4) {
            0 => {
                self.scope.lock(index);
                let text = format!("{name}.push({});", self.guard());
                self.scope.unlock(index);
                text
            }
            1 => format!("{name}.truncate(2);"),
            2 => format!("{name}.reverse();"),
            _ => format!("drop(pop(&mut {name}));"),
        })
    }

    /// A value with a destructor is dropped, a child delegated to; of what has none no more is said.
    fn let_go(&mut self) -> Option<String> {
        let types = [Ty::Reader, Ty::Marker, Ty::Inside, Ty::Opened, Ty::Later, Ty::Called, Ty::Called];
        let there: Vec<usize> = types.into_iter().flat_map(|ty| self.scope.movable(ty)).collect();
        if let Some(index) = self.one_of(there) {
            let (name, ty) = (self.scope.var(index).name.clone(), self.scope.var(index).ty);
            self.scope.take(index);
            return Some(match ty {
                Ty::Called if self.may_suspend() => {
                    let child = self.scope.note(index);
                    format!("let _ = {};", self.delegation_to(child, &name))
                }
                _ => format!("drop({name});"),
            });
        }
        let index = self.one_of(self.scope.releasable())?;
        let name = self.scope.var(index).name.clone();
        let shown = self.scope.is_shown(index);
        self.scope.release(index);
        shown.then(|| format!("let _ = &{name};"))
    }
}
