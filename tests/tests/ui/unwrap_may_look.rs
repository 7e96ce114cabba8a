//! A method of a type of the user's may go by the name of one that unwraps an `Option`, and only look.

struct Parser(Vec<u32>);

#[derive(Clone, Copy)]
enum Token {
    Comma,
}
use Token::Comma;

impl Parser {
    fn expect(&mut self, token: Token) {
        self.0.push(token as u32);
    }

    fn unwrap_or_default(&self) -> u32 {
        self.0.len() as u32
    }
}

#[segue::coroutine(yield = u32)]
fn expects(mut parser: Parser) {
    parser.expect(Comma);
    yield_!(1);
}

#[segue::coroutine]
async fn unwraps(parser: Parser) -> u32 {
    let n = parser.unwrap_or_default();
    std::future::ready(n).await
}

fn parser() -> Parser {
    Parser(Vec::new())
}

// What was just made lives to the end of the statement.
#[segue::coroutine]
async fn just_made() {
    println!("{} {}", parser().unwrap_or_default(), std::future::ready(1).await);
}

#[segue::coroutine]
fn in_an_array() {
    yield_from!(std::future::ready([parser().unwrap_or_default(); 4][1]));
}

impl Parser {
    fn map(&self, n: u32) -> u32 {
        n
    }
}

// Nor is what was waited for.
#[segue::coroutine]
async fn awaited() {
    let parser = async || Parser(Vec::new());
    println!("{} {}", parser().await.map(1), parser().await.unwrap_or_default());
}

// The two ways out.
#[segue::coroutine(yield = u32)]
fn borrowed(mut parser: Parser) {
    (&mut parser).expect(Comma);
    yield_!((&parser).unwrap_or_default());
    println!("{} {:?}", (&self::parser()).unwrap_or_default(), yield_!(2));
}

#[segue::coroutine(yield = u32)]
fn optional(parser: Option<Parser>, other: Result<Parser, Parser>) {
    let parser = parser.unwrap();
    yield_!((&parser).unwrap_or_default());
    let other = other.unwrap_or_else(|other| other);
    yield_!((&other).unwrap_or_default());
}

fn main() {}
