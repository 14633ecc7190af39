//! Operation data from a template and parameters (server API, part 2, section 8).
//!
//! | text | becomes |
//! |---|---|
//! | `${name}` | the parameter; left as it is when there is none |
//! | `${name:-text}` | the parameter, or `text` when there is none |
//! | `$${name}` | `${name}` |
//!
//! What a user approves is this text, cut at asterisks into fields. A parameter often comes from
//! somebody else (the note of a payment), so it must not be able to add a field, to swallow the next
//! one, or to break a line:
//!
//! * A value that is not properly escaped text is escaped: `\` → `\\`, `*` → `\*`, LF → `\n`. A value in
//!   which every backslash already begins `\\`, `\*` or `\n`, without a bare asterisk and without LF, is
//!   inserted verbatim: callers of servers that do not escape have done it themselves.
//! * Other control characters are refused before it comes to this ([`has_control_characters`]).
//! * Values are scanned again, as in the reference: a value `${other}` brings in parameter `other`, which
//!   is escaped in its turn. A cycle, more than [`MAX_DEPTH`] values inside each other, more than
//!   [`MAX_VALUES`] values or a text above [`MAX_LENGTH`] bytes is refused.
//! * A value never combines with the text before or after it: `$` as a value does not turn the
//!   placeholder that follows into literal text.
//!
//! Text of the template itself, defaults included, is the administrator's and stays as it is.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Values inside each other.
const MAX_DEPTH: usize = 16;
/// Values in one text.
const MAX_VALUES: usize = 1_000;
/// Bytes of the result. Approvals carry it in a request of at most 64 KiB.
const MAX_LENGTH: usize = 32 * 1024;

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RenderError {
    /// A value leads back to itself.
    #[error("the parameters refer to each other in a cycle")]
    Cycle,
    /// Too deep, too many values, or too long.
    #[error("the operation data would be too large")]
    TooLarge,
}

/// Whether a value has control characters other than LF.
pub(super) fn has_control_characters(value: &str) -> bool {
    value.chars().any(|c| c < '\u{20}' && c != '\n')
}

/// Fills the placeholders of `template`. Parameters that are not texts count as not given.
///
/// # Errors
/// For a cycle, and for more than the limits above.
pub(super) fn render(template: &str, parameters: &Map<String, Value>) -> Result<String, RenderError> {
    rendered(template, parameters, escaped)
}

/// The first placeholder of `template` itself that has neither a value nor a default.
pub(crate) fn lacks<'t>(template: &'t str, parameters: &Map<String, Value>) -> Option<&'t str> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        if before.ends_with('$') {
            rest = after;
            continue;
        }
        let (expression, after) = after.split_once('}')?;
        let given = parameters.get(expression).is_some_and(Value::is_string);
        if !given && !expression.contains(":-") {
            return Some(expression);
        }
        rest = after;
    }
    None
}

/// As [`render`], for texts that are only shown: values go in as they are.
///
/// # Errors
/// As [`render`].
pub(crate) fn fill(template: &str, parameters: &Map<String, Value>) -> Result<String, RenderError> {
    rendered(template, parameters, |value| Cow::Borrowed(value))
}

fn rendered(
    template: &str,
    parameters: &Map<String, Value>,
    escape: fn(&str) -> Cow<'_, str>,
) -> Result<String, RenderError> {
    let mut rendering = Rendering {
        parameters,
        escape,
        out: String::with_capacity(template.len()),
        open: Vec::new(),
        values: 0,
    };
    rendering.text(template)?;
    Ok(rendering.out)
}

struct Rendering<'a> {
    parameters: &'a Map<String, Value>,
    /// Makes a value fit for the text.
    escape: fn(&str) -> Cow<'_, str>,
    out: String,
    /// Names of the values that are being scanned, outermost first.
    open: Vec<&'a str>,
    values: usize,
}

impl Rendering<'_> {
    fn push(&mut self, text: &str) -> Result<(), RenderError> {
        if self.out.len() + text.len() > MAX_LENGTH {
            return Err(RenderError::TooLarge);
        }
        self.out.push_str(text);
        Ok(())
    }

    fn text(&mut self, mut text: &str) -> Result<(), RenderError> {
        while let Some((before, rest)) = text.split_once("${") {
            if let Some(before) = before.strip_suffix('$') {
                self.push(before)?;
                self.push("${")?;
                text = rest;
                continue;
            }
            self.push(before)?;
            let Some((expression, after)) = rest.split_once('}') else {
                self.push("${")?;
                return self.push(rest);
            };
            self.placeholder(expression)?;
            text = after;
        }
        self.push(text)
    }

    fn placeholder(&mut self, expression: &str) -> Result<(), RenderError> {
        let (name, default) = match expression.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (expression, None),
        };
        let given = self.parameters.get_key_value(name);
        match (
            given.and_then(|(name, value)| Some((name, value.as_str()?))),
            default,
        ) {
            (Some((name, value)), _) => self.value(name, value),
            (None, Some(default)) => self.text(default),
            (None, None) => {
                self.push("${")?;
                self.push(expression)?;
                self.push("}")
            }
        }
    }
}

impl<'a> Rendering<'a> {
    fn value(&mut self, name: &'a str, value: &str) -> Result<(), RenderError> {
        if self.open.contains(&name) {
            return Err(RenderError::Cycle);
        }
        self.values += 1;
        if self.values > MAX_VALUES || self.open.len() == MAX_DEPTH {
            return Err(RenderError::TooLarge);
        }
        self.open.push(name);
        self.text(&(self.escape)(value))?;
        self.open.pop();
        Ok(())
    }
}

fn escaped(value: &str) -> Cow<'_, str> {
    if is_escaped(value) {
        return Cow::Borrowed(value);
    }
    let value = value.replace('\\', "\\\\").replace('*', "\\*");
    Cow::Owned(value.replace('\n', "\\n"))
}

/// Whether `value` is the text of one field as it would stand between two asterisks.
fn is_escaped(value: &str) -> bool {
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' | '\n' => return false,
            '\\' if !matches!(chars.next(), Some('\\' | '*' | 'n')) => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(parameters: Value, template: &str) -> Result<String, RenderError> {
        let Value::Object(parameters) = parameters else {
            panic!("an object");
        };
        render(template, &parameters)
    }

    #[track_caller]
    fn check(parameters: Value, cases: &[(&str, &str)]) {
        for (template, expected) in cases {
            assert_eq!(
                with(parameters.clone(), template).as_deref(),
                Ok(*expected),
                "{template}"
            );
        }
        println!("{} templates", cases.len());
    }

    #[test]
    fn grammar() {
        let parameters = json!({ "a": "1", "empty": "", "null": null, " b ": "2", "A": "3" });
        check(
            parameters,
            &[
                ("", ""),
                ("plain $ text } {", "plain $ text } {"),
                ("${a}", "1"),
                ("x${a}y${a}z", "x1y1z"),
                ("${A}${a}", "31"),
                ("${ a }|${ b }", "${ a }|2"),
                ("${a:-q}", "1"),
                ("${c:-q}", "q"),
                ("${c:-}", ""),
                ("$${a}", "${a}"),
                ("$$${a}", "$${a}"),
                ("$${a}${a}", "${a}1"),
                ("${a", "${a"),
                ("1${a}2${a", "112${a"),
                ("$a {a} $", "$a {a} $"),
                ("${empty}|${empty:-q}", "|"),
                ("${null}|${null:-q}", "${null}|q"),
                ("${c}", "${c}"),
                ("${}", "${}"),
                ("${:-q}", "q"),
                ("${c:-b:-d}", "b:-d"),
                ("${c:-${a}}", "${a}"),
                ("${c${a}}", "${c${a}}"),
                ("${c}${a}", "${c}1"),
            ],
        );
    }

    #[test]
    fn the_conventional_example() {
        let parameters = json!({
            "amount": "100", "currency": "CZK", "iban": "CZ2730300000001165254011", "dueDate": "20190629"
        });
        let template = "A1*A${amount}${currency}*I${iban}**D${dueDate}*N${note:-}";
        let expected = "A1*A100CZK*ICZ2730300000001165254011**D20190629*N";
        check(parameters, &[(template, expected)]);
    }

    #[test]
    fn values_are_scanned_again() {
        let parameters = json!({
            "a": "${b}", "b": "2", "missing": "${nothing}", "default": "${nothing:-d}", "literal": "$${b}",
            "dollar": "$", "brace": "${", "star": "*", "via": "${star}"
        });
        check(
            parameters,
            &[
                ("${a}", "2"),
                ("${missing}", "${nothing}"),
                ("${default}", "d"),
                ("${literal}", "${b}"),
                // Values do not combine with their surroundings.
                ("${dollar}${b}", "$2"),
                ("${dollar}{b}", "${b}"),
                ("${brace}b}", "${b}"),
                ("${via}", "\\*"),
            ],
        );
    }

    #[test]
    fn cycles_and_explosions_are_refused() {
        let cycle = json!({ "a": "${b}", "b": "${c}", "c": "${a}", "self": "x${self}" });
        assert_eq!(with(cycle.clone(), "${a}"), Err(RenderError::Cycle));
        assert_eq!(with(cycle, "${self}"), Err(RenderError::Cycle));
        let twice = json!({ "a": "${b}", "b": "1" });
        assert_eq!(with(twice, "${a}${a}${b}").as_deref(), Ok("111"));

        let mut bomb = Map::new();
        for level in 0..12 {
            let next = format!("${{p{}}}", level + 1);
            bomb.insert(format!("p{level}"), json!(next.repeat(8)));
        }
        for leaf in ["", "x"] {
            bomb.insert("p12".to_owned(), json!(leaf));
            assert_eq!(render("${p0}", &bomb), Err(RenderError::TooLarge));
        }
        let mut chain = Map::new();
        for level in 0..MAX_DEPTH {
            chain.insert(format!("p{level}"), json!(format!("${{p{}}}", level + 1)));
        }
        assert_eq!(render("${p1}", &chain).as_deref(), Ok("${p16}"));
        chain.insert(format!("p{MAX_DEPTH}"), json!("end"));
        assert_eq!(render("${p1}", &chain).as_deref(), Ok("end"));
        assert_eq!(render("${p0}", &chain), Err(RenderError::TooLarge));
        let long = json!({ "a": "x".repeat(MAX_LENGTH) });
        assert_eq!(with(long.clone(), "${a}").map(|it| it.len()), Ok(MAX_LENGTH));
        assert_eq!(with(long, "${a}."), Err(RenderError::TooLarge));
    }

    #[test]
    fn values_cannot_forge_fields() {
        let cases = [
            ("plain", "plain"),
            ("a*A9999EUR", r"a\*A9999EUR"),
            ("1\n2", r"1\n2"),
            ("end\\", r"end\\"),
            (r"C:\dir", r"C:\\dir"),
            (r"\**", r"\\\*\*"),
            // Escaped by the caller.
            (r"\*", r"\*"),
            (r"a\\b\*c\nd", r"a\\b\*c\nd"),
        ];
        for (value, expected) in cases {
            let data = with(json!({ "v": value }), "A1*N${v}*IX").unwrap();
            assert_eq!(data, format!("A1*N{expected}*IX"), "{value}");
        }
        println!("{} values", cases.len());
    }

    /// Cuts data into fields as a phone does.
    fn fields(data: &str) -> usize {
        let mut count = 1;
        let mut chars = data.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '*' => count += 1,
                '\n' => return usize::MAX,
                _ => {}
            }
        }
        count
    }

    proptest::proptest! {
        #[test]
        fn the_number_of_fields_is_the_templates(
            a in r"[\\*\n${}:a-cn-]{0,12}",
            b in r"[\\*\n${}:a-cn-]{0,12}",
        ) {
            if let Ok(data) = with(json!({ "a": a, "b": b }), "A1*N${a}*I${b}${a}*T") {
                proptest::prop_assert_eq!(fields(&data), 4, "{:?}", data);
            }
        }
    }

    #[test]
    fn control_characters() {
        assert!(!has_control_characters("a\nb ~é\u{7f}"));
        for code in (0..0x20_u32).filter(|code| *code != 0x0A) {
            let c = char::from_u32(code).unwrap();
            assert!(has_control_characters(&format!("a{c}")), "{code:#x}");
        }
    }

    #[test]
    fn what_a_template_lacks() {
        let given = json!({ "a": "1", "null": null });
        let given = given.as_object().unwrap();
        for (template, expected) in [
            ("A1*A${a}", None),
            ("A1*A${a}*${b}*${c}", Some("b")),
            ("${b:-none}${a:-none}", None),
            ("$${b}${a}", None),
            ("${null}", Some("null")),
            ("${a", None),
            ("${", None),
            ("", None),
        ] {
            assert_eq!(lacks(template, given), expected, "{template}");
        }
    }
}
