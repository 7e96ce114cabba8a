//! Functions: signature, arguments, result, children. The source is for both sides: `#[lowered]` and `generator!` stand for
//! either lowering.

use super::form::{Form, Parts, Receiver};
use super::rng::Rng;
use super::scope::{Flow, Scope, Ty};

/// What kind of function a body is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flavour {
    /// Yields numbers and is sent numbers.
    Generator,
    /// Yields numbers and is sent numbers, or errors are thrown into it.
    Throwing,
    /// Yields numbers and is sent nothing.
    Unit,
    /// An `async fn`.
    Async,
    /// A function that delegates to futures.
    Task,
    /// An `async fn` that yields numbers.
    Stream,
}

impl Flavour {
    /// Whether it awaits.
    pub(super) fn awaits(self) -> bool {
        matches!(self, Flavour::Async | Flavour::Task | Flavour::Stream)
    }

    /// Whether it can stand in a `generator!`.
    pub(super) fn has_blocks(self) -> bool {
        matches!(self, Flavour::Generator | Flavour::Throwing | Flavour::Unit)
    }

    /// The arguments of the attribute, and the head of a block.
    pub(super) fn arguments(self) -> &'static str {
        match self {
            Flavour::Generator => "(yield = i64, resume = i64)",
            Flavour::Throwing => "(yield = i64, resume = Result<i64, Oops>)",
            Flavour::Unit | Flavour::Stream => "(yield = i64)",
            Flavour::Async | Flavour::Task => "",
        }
    }

    pub(super) fn keyword(self) -> &'static str {
        if matches!(self, Flavour::Async | Flavour::Stream) { "async fn" } else { "fn" }
    }

    pub(super) fn constructor(self) -> &'static str {
        match self {
            Flavour::Generator | Flavour::Throwing | Flavour::Unit => "generator",
            Flavour::Async | Flavour::Task => "task",
            Flavour::Stream => "stream",
        }
    }
}

/// What a function returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ret {
    Unit,
    Int,
    Guard,
    /// `Result<i64, Oops>`.
    Fallible,
    /// `Option<i64>`.
    Optional,
}

impl Ret {
    pub(super) fn name(self) -> &'static str {
        match self {
            Ret::Unit => "()",
            Ret::Int => "i64",
            Ret::Guard => "Guard",
            Ret::Fallible => "Result<i64, Oops>",
            Ret::Optional => "Option<i64>",
        }
    }
}

/// A loop or a labelled block that can be left.
pub(super) struct Frame {
    pub(super) label: usize,
    pub(super) is_loop: bool,
    /// While its condition is written: a `break` there needs the label.
    pub(super) in_condition: bool,
    /// The type of the values with which it is left.
    pub(super) value: Option<Ty>,
    /// The variables from before it.
    pub(super) mark: usize,
    pub(super) loop_depth: usize,
    /// The states at all its breaks.
    pub(super) exits: Flow,
}

/// A function that a body can delegate to.
pub(super) struct Child {
    pub(super) name: String,
    pub(super) flavour: Flavour,
    pub(super) arguments: Vec<Ty>,
    pub(super) ret: Ret,
}

/// The state of writing one function.
pub(super) struct Writer {
    pub(super) rng: Rng,
    pub(super) scope: Scope,
    pub(super) frames: Vec<Frame>,
    pub(super) flavour: Flavour,
    pub(super) ret: Ret,
    pub(super) children: Vec<Child>,
    /// How many more statements and operands there may be.
    pub(super) budget: usize,
    /// How deep in expressions.
    pub(super) depth: usize,
    /// Above 0 where nothing may suspend: guards of match arms, closures, arms that hold a borrow.
    pub(super) quiet: usize,
    /// Above 0 where control may not leave.
    pub(super) stay: usize,
    /// Whether locals borrow from each other.
    pub(super) lends: bool,
    /// Whether to write what the borrow checker refuses.
    pub(super) breaks: bool,
    labels: usize,
    numbers: i64,
}

/// Which bodies are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where all choices come from.
    pub seed: u64,
    /// About how many statements and operands each has.
    pub size: usize,
    /// Whether they break the rules of borrowing.
    pub illegal: bool,
}

/// One random body, as source.
pub struct Body {
    /// Its number among those of the seed.
    pub number: u64,
    /// The functions, for either side.
    pub source: String,
    /// The call that makes the subject.
    pub call: String,
    /// Whether our side of a block has the bare words.
    pub bare: bool,
}

/// Writes body `number` of those that are wanted.
pub fn body(wanted: Wanted, number: u64) -> Body {
    let Wanted { seed, size, illegal } = wanted;
    let mut rng = Rng::new(seed, number);
    let kinds = [
        (8, Flavour::Generator),
        (6, Flavour::Throwing),
        (3, Flavour::Unit),
        (5, Flavour::Async),
        (3, Flavour::Task),
        (4, Flavour::Stream),
    ];
    let flavour = rng.weighted(&kinds);
    let form = Form::of(flavour, &mut rng);
    let bare = form == Form::Block && rng.chance(50);
    let lends = illegal || rng.chance(65);
    let mut writer = Writer {
        rng,
        scope: Scope::default(),
        frames: Vec::new(),
        flavour,
        ret: Ret::Unit,
        children: Vec::new(),
        budget: size,
        depth: 0,
        quiet: 0,
        stay: 0,
        lends,
        breaks: illegal,
        labels: 0,
        numbers: 0,
    };
    let source = writer.functions(form, size);
    let arguments = writer.closed_arguments();
    Body { number, source, call: form.call(flavour, &arguments), bare }
}

impl Writer {
    /// The children and then the body.
    fn functions(&mut self, form: Form, size: usize) -> String {
        let mut source = String::new();
        let flavour = self.flavour;
        for child in 0..self.rng.weighted(&[(4, 0), (3, 1), (1, 2)]) {
            self.budget = size / 3 + 1;
            // A stream yields what other streams do, and awaits what isn't one.
            if flavour == Flavour::Stream && self.rng.chance(50) {
                self.flavour = Flavour::Async;
            }
            source += &self.function(&format!("child{child}"), Form::Function);
            self.flavour = flavour;
        }
        self.budget = size;
        source + &self.function("body", form)
    }

    /// One function; it is a child of those that come after it.
    fn function(&mut self, name: &str, form: Form) -> String {
        self.scope = Scope::default();
        if let Form::Method(receiver) = form {
            self.scope.declare("self", Ty::Me, receiver != Receiver::Shared);
        }
        let rets = [(2, Ret::Unit), (4, Ret::Int), (1, Ret::Guard), (4, Ret::Fallible), (2, Ret::Optional)];
        self.ret = if self.flavour == Flavour::Stream { Ret::Unit } else { self.rng.weighted(&rets) };
        let lent = self.lends && form != Form::Block;
        let (parameters, arguments) = self.parameters(lent);
        let mut lines = self.statements();
        if self.breaks && name == "body" && !self.scope.is_dead() {
            lines.extend(self.broken());
        }
        if self.scope.is_dead() {
            lines.push(";".to_owned());
        } else {
            lines.push(self.result());
        }
        let (name, flavour, ret) = (name.to_owned(), self.flavour, self.ret);
        self.children.push(Child { name: name.clone(), flavour, arguments, ret });
        form.render(flavour, &Parts { name, parameters, ret, lines })
    }

    /// Parameters as they are written, some of them patterns, and their types.
    fn parameters(&mut self, lent: bool) -> (Vec<String>, Vec<Ty>) {
        let mut parameters = Vec::new();
        let mut types = Vec::new();
        for _ in 0..self.rng.below(4) {
            let tys = [
                (4, Ty::Int),
                (4, Ty::Guard),
                (2, Ty::Maybe),
                (2, Ty::Pair),
                (1, Ty::Text),
                (1, Ty::Bool),
                (1, Ty::Record),
                (1, Ty::Numbers),
                (if lent { 5 } else { 0 }, Ty::Mutable),
                (if lent { 1 } else { 0 }, Ty::Shared),
                (if lent { 2 } else { 0 }, Ty::List),
            ];
            let ty = self.rng.weighted(&tys);
            let taken =
                |name: &String, scope: &Scope| (0..scope.mark()).any(|at| scope.var(at).name == *name);
            let (mut one, mut two) = (self.name(), self.name());
            while taken(&one, &self.scope) || taken(&two, &self.scope) || one == two {
                (one, two) = (self.name(), self.name());
            }
            parameters.push(format!("{}: {}", self.parameter(ty, &one, &two), ty.name()));
            types.push(ty);
        }
        (parameters, types)
    }

    /// The pattern of one parameter, whose names are declared.
    fn parameter(&mut self, ty: Ty, one: &str, two: &str) -> String {
        if self.rng.chance(8) {
            return "_".to_owned();
        }
        if ty == Ty::Pair && self.rng.chance(50) {
            self.scope.declare(one, Ty::Guard, false);
            if self.rng.chance(30) {
                return format!("Pair {{ left: {one}, right: _ }}");
            }
            self.scope.declare(two, Ty::Guard, false);
            return format!("Pair {{ left: {one}, right: {two} }}");
        }
        let mutable = self.rng.chance(40);
        self.scope.declare(one, ty, mutable);
        if mutable { format!("mut {one}") } else { one.to_owned() }
    }

    /// Arguments for the body itself, of which nothing but constants can be made.
    fn closed_arguments(&mut self) -> String {
        let types = self.children.pop().map_or(Vec::new(), |body| body.arguments);
        let arguments: Vec<String> = types.into_iter().map(|ty| self.constant(ty)).collect();
        arguments.join(", ")
    }

    /// A value that needs no variable and does not suspend.
    fn constant(&mut self, ty: Ty) -> String {
        let n = self.number();
        match ty {
            Ty::Int => n.to_string(),
            Ty::Bool => self.rng.pick(&["true", "false"]).to_owned(),
            Ty::Guard => format!("guard({n})"),
            Ty::Maybe => {
                self.rng.weighted(&[(3, format!("Some(guard({n}))").as_str()), (1, "None")]).to_owned()
            }
            Ty::Pair => format!("Pair {{ left: guard({n}), right: guard({}) }}", self.number()),
            Ty::Text => format!("String::from(\"t{n}\")"),
            Ty::Buffer => format!("buffer({n})"),
            Ty::Source => format!("source({n})"),
            Ty::Numbers => format!("[{n}; 32]"),
            Ty::Record => format!("record({n})"),
            Ty::List => format!("list({n})"),
            Ty::Mutable | Ty::Shared => format!("leaked({n})"),
            _ => unreachable!("no parameter is one"),
        }
    }

    /// A value to return.
    pub(super) fn result(&mut self) -> String {
        match self.ret {
            Ret::Unit => "()".to_owned(),
            Ret::Int => self.int(),
            Ret::Guard => self.guard(),
            Ret::Fallible if self.rng.chance(15) => format!("Err(Oops({}))", self.int()),
            Ret::Fallible => format!("Ok({})", self.int()),
            Ret::Optional if self.rng.chance(15) => "None".to_owned(),
            Ret::Optional => format!("Some({})", self.int()),
        }
    }

    /// A name; there are few, so that they shadow each other.
    pub(super) fn name(&mut self) -> String {
        self.rng.pick(&["a", "b", "c", "d", "e", "f", "g", "h"]).to_owned()
    }

    /// A number that stands nowhere else in the body.
    pub(super) fn number(&mut self) -> i64 {
        self.numbers += 1;
        self.numbers
    }

    /// A new label.
    pub(super) fn label(&mut self) -> usize {
        self.labels += 1;
        self.labels
    }

    /// Whether to write only leaves from here on.
    pub(super) fn exhausted(&self) -> bool {
        self.budget == 0 || self.depth > 5
    }

    /// Whether something may suspend here.
    pub(super) fn may_suspend(&self) -> bool {
        self.quiet == 0
    }
}
