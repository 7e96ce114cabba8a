//! The brackets in the name of a type.

/// The parts between the commas that stand in no bracket.
pub(super) fn separate(arguments: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, character, depth) in depths(arguments) {
        if character == ',' && depth == 0 {
            found.push(arguments[start..at].trim());
            start = at + 1;
        }
    }
    found.push(arguments[start..].trim());
    found
}

/// What stands in the bracket that opens this text, and what follows it.
pub(super) fn inside(text: &str) -> (&str, &str) {
    let closed = depths(text).find(|(_, _, depth)| *depth == 0);
    let end = closed.map_or(text.len(), |(at, ..)| at);
    (text.get(1..end).unwrap_or_default(), text.get(end + 1..).unwrap_or_default())
}

/// Each character with its byte, and how many brackets are open behind it.
fn depths(text: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let (mut depth, mut last) = (0_usize, ' ');
    text.char_indices().map(move |(at, character)| {
        match character {
            '<' | '(' | '[' | '{' => depth += 1,
            // The arrow of a function's type isn't one.
            '>' if last == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        last = character;
        (at, character, depth)
    })
}
