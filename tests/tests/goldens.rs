//! What is kept under `macros/goldens/` compiles: the functions by the attribute, and the expansions as the text that
//! is shown of them.

// Nothing of it is run here, the other tests of this folder do that; and in an expansion that has become text, rustc can't
// tell what the macro wrote from what a person did.
#![allow(dead_code, unused, clippy::all)]

macro_rules! compiled {
    ($($name:ident)*) => {
        mod functions {
            $(
                mod $name {
                    use segue::Stream;
                    include!(concat!("../../macros/goldens/", stringify!($name), ".rs"));
                }
            )*
        }

        mod expansions {
            $(
                mod $name {
                    use segue::Stream;
                    include!(concat!("../../macros/goldens/", stringify!($name), ".expanded.rs"));
                }
            )*
        }

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

compiled! {
    async_generator averager awaiting countdown delegation guards in_place labels lent_buffer let_chain loans operands parted printing
    question_mark recalled recursion shadowing suspending_arms unsafe_block
    used_up yield_from_future
}

#[test]
fn all_of_them_are_compiled() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../macros/goldens");
    let files = std::fs::read_dir(folder).expect("the folder of the goldens");
    let files = files.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = files
        .filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned()))
        .filter(|name| !name.contains('.'))
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
}
