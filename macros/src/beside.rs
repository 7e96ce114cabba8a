//! Variables of ours that stand beside one of the user's, and are dropped with its scope.

use syn::Ident;

use crate::input::mixed;
use crate::names::{Names, VarId};
use crate::segments::{Op, Program};

/// What tells by the type of a variable whether anything may be left of it.
pub(crate) fn by_type_ident(names: &Names) -> Ident {
    Ident::new(&names.free("Rest"), mixed())
}

/// A variable for what is left of another.
pub(crate) fn rest(names: &mut Names, of: VarId) -> VarId {
    let shown = names.get(of).shown.to_string();
    let role = format!("rest_of_{}", shown.trim_start_matches("r#").trim_start_matches('_'));
    let rest = names.temporary(&role, false);
    names.of(&rest).expect("it was just added")
}

/// Puts `rest` into every scope that `var` is in, next to it.
pub(crate) fn declare(program: &mut Program, var: VarId, rest: VarId) {
    let beside = |vars: &mut Vec<VarId>| {
        if let Some(index) = vars.iter().position(|other| *other == var) {
            vars.insert(index + 1, rest);
        }
    };
    let start = program.order.first().copied();
    for id in program.order.clone() {
        let segment = &mut program.segments[id.0];
        if Some(id) != start {
            beside(&mut segment.scope);
        }
        each_code(&mut segment.code, &mut |code| {
            let mut index = 0;
            while index < code.len() {
                match &mut code[index] {
                    Op::Scope { reopened, .. } => beside(reopened),
                    Op::End { var: ended, id } if *ended == var => {
                        let id = *id;
                        code.insert(index, Op::End { var: rest, id });
                        index += 1;
                    }
                    _ => {}
                }
                index += 1;
            }
        });
    }
}

/// Every list of operations, the outer before the inner.
pub(crate) fn each_code(code: &mut Vec<Op>, change: &mut dyn FnMut(&mut Vec<Op>)) {
    change(code);
    for op in code {
        op.inner_mut().into_iter().for_each(|code| each_code(code, change));
    }
}
