//! Values that are known when a file is read: `<<name>>`, in fragments what they are included with, in scenarios the values
//! of `each`.

use serde_json::{Map, Value};

/// What cannot be filled in.
pub(super) type Unknown = String;

fn text(text: &str, parameters: &Map<String, Value>) -> Result<Value, Unknown> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        let (name, after) = after
            .split_once(">>")
            .ok_or_else(|| format!("`{text}` has no `>>`"))?;
        let value = parameters
            .get(name)
            .ok_or_else(|| format!("there is no parameter `{name}`"))?;
        out.push_str(before);
        match value {
            whole if before.is_empty() && after.is_empty() && out.is_empty() => return Ok(whole.clone()),
            Value::String(inside) => out.push_str(inside),
            Value::Number(_) | Value::Bool(_) => out.push_str(&value.to_string()),
            _ => return Err(format!("the value of `{name}` does not fit into `{text}`")),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(Value::String(out))
}

/// The template with all parameters filled in, names of members too.
pub(super) fn fill(template: &Value, parameters: &Map<String, Value>) -> Result<Value, Unknown> {
    Ok(match template {
        Value::String(it) => text(it, parameters)?,
        Value::Array(items) => {
            let items = items.iter().map(|it| fill(it, parameters));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| match text(name, parameters)? {
                Value::String(name) => Ok((name, fill(value, parameters)?)),
                _ => Err(format!("`{name}` is the name of a member")),
            });
            Value::Object(members.collect::<Result<_, _>>()?)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_are_filled_in() {
        let Value::Object(all) = json!({ "p": "alice", "n": 3, "o": { "x": "<<y>>" } }) else {
            return;
        };
        let template = json!({ "<<p>>": ["<<o>>", "{{<<p>>.id}}-<<n>>", "<<n>>"], "x": "a < b << c" });
        assert_eq!(fill(&template, &all).unwrap_err(), "`a < b << c` has no `>>`");
        let template = json!({ "<<p>>": ["<<o>>", "{{<<p>>.id}}-<<n>>", "<<n>>", 1] });
        let filled = fill(&template, &all).unwrap();
        assert_eq!(
            filled,
            json!({ "alice": [{ "x": "<<y>>" }, "{{alice.id}}-3", 3, 1] })
        );
        for (template, error) in [
            (json!("<<q>>"), "there is no parameter `q`"),
            (json!("a<<o>>"), "the value of `o` does not fit into `a<<o>>`"),
            (json!({ "<<n>>": 1 }), "`<<n>>` is the name of a member"),
        ] {
            assert_eq!(fill(&template, &all).unwrap_err(), error);
        }
    }
}
