//! Methods that only look, by names under which std's options, results and iterators have methods that take their receiver:
//! nothing may follow from such a name about what is dropped, and when.

use super::body::Writer;
use super::scope::Ty;

/// Names of methods of a guard without an operand, with one, and of those that give something with a destructor.
const PLAIN: &[&str] = &["count", "last", "sum", "ok", "rev", "flatten"];
const WITH_OPERAND: &[&str] = &["map", "filter", "then", "skip", "chain", "max"];
const LENDING: &[&str] = &["first", "peek"];
const LENDING_WITH_OPERAND: &[&str] = &["get", "find"];

impl Writer {
    /// A number from such a method, or from one that changes the guard, of a variable or of a guard that was just made.
    pub(super) fn named(&mut self) -> String {
        let mutably = self.rng.chance(25);
        let there = if mutably { self.scope.lendable(Ty::Guard) } else { self.scope.readable(Ty::Guard) };
        match self.one_of(there).filter(|_| self.rng.chance(50)) {
            Some(index) if mutably => {
                let receiver = self.scope.var(index).name.clone();
                self.scope.lock(index);
                let text = self.named_mutably_of(&receiver);
                self.scope.unlock(index);
                text
            }
            Some(index) => {
                let receiver = self.scope.var(index).name.clone();
                self.scope.freeze(index);
                let text = self.named_of(&receiver);
                self.scope.thaw(index);
                text
            }
            None => {
                let made = self.guard();
                // A variable may be one that can't be changed.
                if mutably { self.named_mutably_of(&format!("pass({made})")) } else { self.named_of(&made) }
            }
        }
    }

    fn named_of(&mut self, receiver: &str) -> String {
        match self.rng.below(6) {
            0..=1 => format!("{receiver}.{}()", self.rng.pick(PLAIN)),
            2..=3 => format!("{receiver}.{}({})", self.rng.pick(WITH_OPERAND), self.int()),
            4 => format!("{receiver}.{}().seen({})", self.rng.pick(LENDING), self.int()),
            _ => {
                let name = self.rng.pick(LENDING_WITH_OPERAND);
                format!("{receiver}.{name}({}).seen({})", self.int(), self.int_leaf())
            }
        }
    }

    fn named_mutably_of(&mut self, receiver: &str) -> String {
        match self.rng.below(3) {
            0 => format!("{receiver}.next().mark({})", self.int_leaf()),
            1 => format!("{receiver}.expect({})", self.int_leaf()),
            _ => format!("{receiver}.unwrap_or({})", self.int()),
        }
    }
}
