//! Which encoding a page is in: byte order mark, then the server's word, then the page's own, then UTF-8.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use std::cell::Cell;

/// How far into a page its own word about its encoding is looked for, in bytes, as browsers do.
pub(crate) const PRESCAN: usize = 1024;

/// The encoding of a page that begins with `start` and came with `header`, the `charset` of its `Content-Type`.
pub(crate) fn detect(header: Option<&str>, start: &[u8]) -> &'static Encoding {
    if let Some((encoding, _length)) = Encoding::for_bom(start) {
        return encoding;
    }
    header
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| declared(start))
        .unwrap_or(UTF_8)
}

/// What a `<meta>` of the page's start says. A page that can be read to say it is in UTF-16 isn't.
fn declared(start: &[u8]) -> Option<&'static Encoding> {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&start[..start.len().min(PRESCAN)]);
    let tokens = Tokenizer::new(MetaCharset::default(), Default::default());
    let input = BufferQueue::default();
    input.push_back(text.as_ref().into());
    let _ = tokens.feed(&input);
    let encoding = tokens.sink.found.get()?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// The `charset` parameter of a `Content-Type`.
pub(crate) fn parameter(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// Remembers the first encoding that a `<meta>` names.
#[derive(Default)]
struct MetaCharset {
    found: Cell<Option<&'static Encoding>>,
}

impl TokenSink for MetaCharset {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if self.found.get().is_none() && is_meta(&tag) => {
                self.found.set(named_by(&tag))
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn is_meta(tag: &Tag) -> bool {
    tag.kind == TagKind::StartTag && &*tag.name == "meta"
}

/// `<meta charset=…>`, or `<meta http-equiv=content-type content="…; charset=…">`.
fn named_by(meta: &Tag) -> Option<&'static Encoding> {
    let attribute = |name: &str| meta.attrs.iter().find(|a| &*a.name.local == name).map(|a| &*a.value);
    let label = match attribute("charset") {
        Some(label) => label,
        None if attribute("http-equiv")?.eq_ignore_ascii_case("content-type") => {
            parameter(attribute("content")?)?
        }
        None => return None,
    };
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(header: Option<&str>, start: &[u8]) -> &'static str {
        detect(header, start).name()
    }

    #[test]
    fn the_first_word_wins() {
        assert_eq!(name(Some("euc-kr"), b"\xEF\xBB\xBF<meta charset=latin1>"), "UTF-8");
        assert_eq!(name(Some("euc-kr"), b"<meta charset=latin1>"), "EUC-KR");
        assert_eq!(name(Some("no-such-thing"), b"<META CHARSET='latin1'>"), "windows-1252");
        assert_eq!(name(None, b"<!-- <meta charset=euc-kr> --><p>"), "UTF-8");
        assert_eq!(name(None, b"<meta charset=utf-16>"), "UTF-8");
        assert_eq!(name(None, b"\xFF\xFE<\0p\0>\0"), "UTF-16LE");
        let old = b"<meta http-equiv=Content-Type content='text/html; charset=\"shift_jis\"'>";
        assert_eq!(name(None, old), "Shift_JIS");
    }
}
