//! How a body stands in its source: as a function, a method, or a block.

use super::body::{Flavour, Ret};
use super::rng::Rng;

/// Where the statements of a body stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Function,
    /// A method with this receiver.
    Method(Receiver),
    /// A `generator!` that captures what the function around it is given.
    Block,
}

/// How a method takes its receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Receiver {
    Mutably,
    Shared,
    ByValue,
}

/// A function before it is put into its form.
pub(super) struct Parts {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) ret: Ret,
    pub(super) lines: Vec<String>,
}

impl Form {
    /// A form for a body of this flavour.
    pub(super) fn of(flavour: Flavour, rng: &mut Rng) -> Form {
        let receiver = rng.weighted(&[(4, Receiver::Mutably), (1, Receiver::Shared), (2, Receiver::ByValue)]);
        let blocks = if flavour.has_blocks() { 3 } else { 0 };
        rng.weighted(&[(7, Form::Function), (2, Form::Method(receiver)), (blocks, Form::Block)])
    }

    /// The source of a function in this form.
    pub(super) fn render(self, flavour: Flavour, parts: &Parts) -> String {
        let Parts { name, parameters, ret, lines } = parts;
        let (parameters, ret, lines) = (parameters.join(", "), ret.name(), lines.join("\n"));
        let (arguments, keyword) = (flavour.arguments(), flavour.keyword());
        match self {
            Form::Function => {
                format!(
                    "#[lowered{arguments}]\npub {keyword} {name}({parameters}) -> {ret} {{\n{lines}\n}}\n"
                )
            }
            Form::Method(receiver) => format!(
                "{ME}impl Me {{\n#[lowered{arguments}]\npub {keyword} {name}({}, {parameters}) -> {ret} {{\n{lines}\n}}\n}}\n",
                receiver.written()
            ),
            Form::Block => {
                let head = arguments.replace(')', &format!(", return = {ret})"));
                let captured = captured_whole(&parts.parameters, &lines);
                format!(
                    "pub fn {name}({parameters}) -> Box<dyn segue_tests::Subject> {{\ngenerator(generator! {{ {head} \
                     {captured}{lines}\n}})\n}}\n"
                )
            }
        }
    }

    /// The call that makes the subject.
    pub(super) fn call(self, flavour: Flavour, arguments: &str) -> String {
        let constructor = flavour.constructor();
        match self {
            Form::Function => format!("{constructor}(body({arguments}))"),
            Form::Method(Receiver::ByValue) => format!("{constructor}(me().body({arguments}))"),
            Form::Method(_) => format!("{constructor}(Box::leak(Box::new(me())).body({arguments}))"),
            Form::Block => format!("body({arguments})"),
        }
    }
}

impl Receiver {
    fn written(self) -> &'static str {
        match self {
            Receiver::Mutably => "&mut self",
            Receiver::Shared => "&self",
            Receiver::ByValue => "mut self",
        }
    }
}

/// A block of rustc's captures only the fields that it names, ours a variable whole: so it is named first.
fn captured_whole(parameters: &[String], lines: &str) -> String {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_owned).collect()
    };
    let named = words(lines);
    let patterns = parameters.iter().filter_map(|parameter| parameter.rsplit_once(':'));
    let bound =
        patterns.flat_map(|(pattern, _)| words(pattern)).filter(|word| word.len() == 1 && word != "_");
    let whole: Vec<String> =
        bound.filter(|word| named.contains(word)).map(|word| format!("&{word},")).collect();
    if whole.is_empty() { String::new() } else { format!("let _ = ({});\n", whole.concat()) }
}

/// The type that has the method, with others for it to call.
const ME: &str = "pub struct Me { n: i64, held: Guard, kids: Vec<Guard> }
fn me() -> Me { Me { n: 5, held: guard(200), kids: list(201) } }
impl Me {
fn held(&self) -> &Guard { &self.held }
fn held_mut(&mut self) -> &mut Guard { &mut self.held }
fn up(&mut self, n: i64) -> i64 { self.n = add(self.n, n) & 0xff; ev(self.n) }
fn seen(&self, n: i64) -> i64 { ev(add(self.n, n)) }
}
";
