//! The crawl of the bundled site: exactly these pages, with these statuses, redirects and failures.

#[allow(dead_code, reason = "each test uses its own part")]
mod support;

use support::{json, pages, run};

/// Every page of the site that can be reached: its status, and where it leads or why it failed.
const EXPECTED: &str = "
/ 200
/about.html 200
/circle/a 302 -> /circle/b ! redirects in a circle
/circle/b 303 -> /circle/c ! redirects in a circle
/circle/c 308 -> /circle/a ! redirects in a circle
/files/ 200
/files/beam.webm 200
/files/feed.xml 200
/files/lamp.png 200
/files/lights.json 200
/files/notes.txt 200
/files/nothing 204
/files/plan.pdf 200
/lang/ 200
/lang/%EB%93%B1%EB%8C%80.html 200
/lang/%EB%B0%94%EB%8B%A4.html 200
/lang/%EC%84%AC.html 200
/lang/%EF%BF%BD.html 404 ! 404 Not Found
/lang/bom.html 200
/lang/latin1.html 200
/lang/m%C3%A9moire.html?ann%E9e=1900 200
/lang/meta.html 200
/lang/none.html 200
/lang/utf16.html 200
/lang/wrong.html 200
/moved/ 200
/moved/again 307 -> /moved/once
/moved/away 301 -> https://lighthouses.invalid/
/moved/here.html 200
/moved/home 302 -> /
/moved/nowhere 302 ! redirect to nowhere: no Location
/moved/once 301 -> /moved/here.html
/moved/thrice 302 -> /moved/again
/moved/unreadable 302 ! redirect to nowhere: \"http://[\": invalid IPv6 address
/odd.html 200
/odd/%7Etilde.html 200
/odd/backslash.html 200
/odd/caf%C3%A9.html 200
/odd/empty.html 200
/odd/entities.html?a=1&b=2 200
/odd/first.html 200
/odd/no-end.html 200
/odd/two%20words.html 200
/odd/untyped 200
/odd/whitespace.html 200
/script.js 200
/self 302 -> /self ! redirects in a circle
/stairs/1 302 -> /stairs/2
/stairs/10 302 -> /stairs/11
/stairs/11 302 -> /stairs/12 ! more than 10 redirects in a row
/stairs/2 302 -> /stairs/3
/stairs/3 302 -> /stairs/4
/stairs/4 302 -> /stairs/5
/stairs/5 302 -> /stairs/6
/stairs/6 302 -> /stairs/7
/stairs/7 302 -> /stairs/8
/stairs/8 302 -> /stairs/9
/stairs/9 302 -> /stairs/10
/style.css 200
/towers/ 200
/towers/catalogue.html 200
/towers/frame.html 200
/towers/north/skerry.html 200
/towers/south/cape.html 200
/trouble/ 200
/trouble/after-all.html 200
/trouble/broken.html 500 ! 500 Internal Server Error
/trouble/busy-at-first.html 200
/trouble/busy.html 503 ! 503 Service Unavailable
/trouble/closed.html 403 ! 403 Forbidden
/trouble/cut-chunked.html 200 ! cut off after 17 bytes
/trouble/cut.html 200 ! cut off after 52 of 1000 bytes
/trouble/gone.html 410 ! 410 Gone
/trouble/missing.html 404 ! 404 Not Found
/trouble/shy.html 200
/trouble/silent.html 200 ! no complete answer within 5 s
/trouble/slow.html 200
/trouble/torn.html 200
/visit 301 -> /visit/
/visit/ 200
/visit/hours.html 200
/visit/map.html?zoom=1 200
/visit/map.html?zoom=2 200
";

#[test]
fn exactly_these_pages() {
    let output = run(&["--json", "--timeout", "5"]);
    assert!(output.status.success(), "{output:?}");
    let found: Vec<String> = pages(&output)
        .into_iter()
        .map(|(address, page)| {
            let status = page.status.map_or("-".into(), |status| status.to_string());
            let redirect = page.redirect.map(|target| format!(" -> {target}")).unwrap_or_default();
            let failure = page.failure.map(|failure| format!(" ! {failure}")).unwrap_or_default();
            format!("{address} {status}{redirect}{failure}")
        })
        .collect();
    let expected: Vec<&str> = EXPECTED.trim().lines().collect();
    assert_eq!(found, expected);
}

#[test]
fn the_report_for_people() {
    let output = run(&["--timeout", "5"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    for part in
        ["status ", "/about.html\n", "by status\n", "  410 Gone\n", " pages a second\n", "\n16 failed\n"]
    {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    assert!(text.lines().any(|line| line.ends_with("/trouble/gone.html: 410 Gone")), "{text}");
    assert!(output.stderr.is_empty(), "no progress bar where there is no terminal");
}

#[test]
fn a_limit_of_pages() {
    let output = run(&["--json", "--max-pages", "10"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(pages(&output).len(), 10);
    assert_eq!(json(&output)["page_limit_reached"], true);
}

#[test]
fn a_limit_of_redirects() {
    let pages = pages(&run(&["--json", "--max-redirects", "2", "--retries", "0"]));
    let failure = |path: &str| pages.get(path).map(|page| page.failure.clone());
    assert_eq!(failure("/stairs/3"), Some(Some("more than 2 redirects in a row".into())));
    assert_eq!((failure("/stairs/2"), failure("/stairs/4")), (Some(None), None));
    assert_eq!(failure("/moved/here.html"), Some(None), "there is a shorter way than by /moved/thrice");
}
