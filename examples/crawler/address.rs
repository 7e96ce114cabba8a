//! Which addresses are pages of the site, and what makes two addresses the same page.

use url::Url;

/// The longest address that is followed, in bytes. Longer ones are what a broken page makes.
pub(crate) const LONGEST: usize = 8 * 1024;

/// The page that a resolved link or redirect means: the address without its fragment and without a user's name or
/// password. `None` if it isn't on `root`'s server (scheme, host and port), or is too long to be meant.
pub(crate) fn page(root: &Url, mut address: Url) -> Option<Url> {
    if !same_server(root, &address) || address.as_str().len() > LONGEST {
        return None;
    }
    address.set_fragment(None);
    if !address.username().is_empty() || address.password().is_some() {
        address.set_username("").ok()?;
        address.set_password(None).ok()?;
    }
    Some(address)
}

/// Whether both addresses are served by the same server, as browsers define an origin.
fn same_server(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host() == b.host() && a.port_or_known_default() == b.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(link: &str) -> Option<String> {
        let root = Url::parse("http://here.test/a/b.html").unwrap();
        let address = root.join(link).ok()?;
        page(&root, address).map(String::from)
    }

    #[test]
    fn one_page_has_one_address() {
        for link in
            ["/x.html", "../x.html", "/x.html#part", "http://HERE.test:80/x.html", "//here.test/a/../x.html"]
        {
            assert_eq!(page_of(link).as_deref(), Some("http://here.test/x.html"), "{link}");
        }
        assert_eq!(page_of("http://me:secret@here.test/").as_deref(), Some("http://here.test/"));
        assert_eq!(page_of("é?ü").as_deref(), Some("http://here.test/a/%C3%A9?%C3%BC"));
    }

    #[test]
    fn other_servers_and_other_schemes_are_no_pages() {
        for link in
            ["https://here.test/", "http://there.test/", "http://here.test:81/", "mailto:a@b", "data:,x"]
        {
            assert_eq!(page_of(link), None, "{link}");
        }
        assert_eq!(page_of(&"x".repeat(LONGEST)), None);
    }
}
