//! Files: scenarios, what they include, and the values each is played with.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use super::members::{Members, Spot};
use super::{Act, Broken, Scenario, Step, parameters, stem, step};
use crate::values::roots;

/// Files that include files that include files.
const MAX_DEPTH: usize = 6;
/// Times that one file is played with other values.
const MAX_VARIANTS: usize = 64;
/// What is saved before the first step: the same in the whole run, and another one in each scenario.
const BEFORE: [&str; 2] = ["run", "id"];

type Fragment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// All scenarios of a folder, by name; fragments are in its folder `fragments`.
///
/// # Errors
/// [`Broken`] for the first thing that is wrong.
pub fn library(folder: &Path) -> Result<Vec<Scenario>, Broken> {
    let failed = |path: &Path, error: std::io::Error| Broken {
        file: path.display().to_string(),
        step: None,
        place: String::new(),
        what: error.to_string(),
    };
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        if path.extension().is_some_and(|it| it == "json") {
            files.push(path);
        }
    }
    files.sort();
    let fragment =
        |name: &str| fs::read_to_string(folder.join("fragments").join(format!("{name}.json"))).ok();
    let mut all = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
        all.extend(scenarios(&stem(&path), &text, &fragment)?);
    }
    Ok(all)
}

fn json(spot: &Spot, text: &str) -> Result<Value, Broken> {
    serde_json::from_str(text).map_err(|error| spot.broken("", error.to_string()))
}

/// The values of every time that a scenario is played: the rows of a list, or every combination of one value per name.
fn combinations(spot: &Spot, each: Option<Value>) -> Result<Vec<Map<String, Value>>, Broken> {
    let each = match each {
        None => return Ok(vec![Map::new()]),
        Some(Value::Object(each)) => each,
        Some(Value::Array(rows)) => {
            let rows = rows.into_iter().map(|row| match row {
                Value::Object(row) => Ok(row),
                _ => Err(spot.broken("each", "a list of objects is needed")),
            });
            return rows.collect();
        }
        Some(_) => return Err(spot.broken("each", "an object or a list of objects is needed")),
    };
    let mut all = vec![Map::new()];
    for (name, values) in &each {
        let place = format!("each.{name}");
        let values = values.as_array().filter(|values| !values.is_empty());
        let values = values.ok_or_else(|| spot.broken(&place, "a list with values is needed"))?;
        let mut more = Vec::new();
        for combination in &all {
            for value in values {
                let mut combination = combination.clone();
                combination.insert(name.clone(), value.clone());
                more.push(combination);
            }
        }
        if more.len() > MAX_VARIANTS {
            return Err(spot.broken(&place, format!("more than {MAX_VARIANTS} combinations")));
        }
        all = more;
    }
    Ok(all)
}

/// What tells one time from the others.
fn label(combination: &Map<String, Value>) -> String {
    let pairs = combination.iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some(format!("{name}={text}")),
        Value::Number(number) => Some(format!("{name}={number}")),
        _ => None,
    });
    let pairs: Vec<_> = pairs.collect();
    match pairs.is_empty() {
        true => String::new(),
        false => format!("[{}]", pairs.join(",")),
    }
}

pub(super) fn scenarios(name: &str, text: &str, fragment: Fragment<'_>) -> Result<Vec<Scenario>, Broken> {
    let file = format!("{name}.json");
    let spot = Spot {
        file: file.clone(),
        step: None,
    };
    let whole = json(&spot, text)?;
    let mut members = Members::of(&spot, "", whole.clone())?;
    let each = members.take("each");
    let mut all = Vec::new();
    for combination in combinations(&spot, each)? {
        let mut whole = whole.clone();
        if let Some(whole) = whole.as_object_mut() {
            whole.shift_remove("each");
        }
        let whole = parameters::fill(&whole, &combination).map_err(|error| spot.broken("", error))?;
        all.push(scenario(
            format!("{name}{}", label(&combination)),
            &spot,
            whole,
            fragment,
        )?);
    }
    Ok(all)
}

fn scenario(name: String, spot: &Spot, whole: Value, fragment: Fragment<'_>) -> Result<Scenario, Broken> {
    let mut members = Members::of(spot, "", whole)?;
    let title = members.needed("title")?;
    let source = members.texts("source")?;
    if source.is_empty() {
        return Err(members.broken("source", "where do the expectations come from?"));
    }
    let needs = members.needs()?;
    let mut steps = Vec::new();
    read_steps(spot, "", members.list("steps")?, fragment, 0, &mut steps)?;
    members.end()?;
    if steps.is_empty() {
        return Err(spot.broken("steps", "there are none"));
    }
    known(spot, &steps)?;
    Ok(Scenario {
        name,
        title,
        source,
        needs,
        steps: steps.into_iter().map(|(step, _)| step).collect(),
    })
}

/// Steps, with the object each was read from.
type Read = Vec<(Step, (Spot, Value))>;

fn read_steps(
    spot: &Spot,
    within: &str,
    items: Vec<Value>,
    fragment: Fragment<'_>,
    depth: usize,
    out: &mut Read,
) -> Result<(), Broken> {
    for (at, item) in items.into_iter().enumerate() {
        let number = at.saturating_add(1);
        let spot = Spot {
            file: spot.file.clone(),
            step: Some(number),
        };
        let at = format!("{within}{}, step {number}", spot.file);
        if item.get("include").is_some() {
            include(&spot, &at, item, fragment, depth, out)?;
        } else {
            out.push((step::step(&spot, at, item.clone())?, (spot, item)));
        }
    }
    Ok(())
}

fn include(
    spot: &Spot,
    at: &str,
    item: Value,
    fragment: Fragment<'_>,
    depth: usize,
    out: &mut Read,
) -> Result<(), Broken> {
    let mut members = Members::of(spot, "", item)?;
    let name = members.needed("include")?;
    let given = members.object("with")?;
    let needs = members.needs()?;
    members.end()?;
    if depth >= MAX_DEPTH {
        return Err(spot.broken("include", "too deep"));
    }
    let text =
        fragment(&name).ok_or_else(|| spot.broken("include", format!("there is no fragment `{name}`")))?;
    let inner = Spot {
        file: format!("fragments/{name}.json"),
        step: None,
    };
    let mut members = Members::of(&inner, "", json(&inner, &text)?)?;
    members.needed("title")?;
    let takes = members.texts("takes")?;
    let mut arguments = members.object("defaults")?;
    if let Some(name) = takes.iter().find(|name| !given.contains_key(*name)) {
        return Err(spot.broken(&format!("with.{name}"), "is missing"));
    }
    for (name, value) in given {
        if !takes.contains(&name) && !arguments.contains_key(&name) {
            return Err(spot.broken(&format!("with.{name}"), "nothing is known by this name there"));
        }
        arguments.insert(name, value);
    }
    let steps = Value::Array(members.list("steps")?);
    members.end()?;
    let filled = parameters::fill(&steps, &arguments).map_err(|error| inner.broken("steps", error))?;
    let Value::Array(steps) = filled else {
        return Err(inner.broken("steps", "a list is needed"));
    };
    let start = out.len();
    read_steps(
        &inner,
        &format!("{at} > "),
        steps,
        fragment,
        depth.saturating_add(1),
        out,
    )?;
    for (step, _) in out.iter_mut().skip(start) {
        step.needs.extend(needs.iter().cloned());
    }
    Ok(())
}

/// Everything a step refers to must have been saved by one before.
fn known(spot: &Spot, steps: &Read) -> Result<(), Broken> {
    let mut saved: BTreeSet<String> = BEFORE.iter().map(|name| (*name).to_owned()).collect();
    for (step, (inner, item)) in steps {
        let mut used = Vec::new();
        roots(item, &mut used).map_err(|error| inner.broken("", error.to_string()))?;
        let through = matches!(&step.act, Act::Phone(command) if command.through.is_some());
        let unknown = used
            .iter()
            .find(|name| !(saved.contains(*name) || through && *name == "request"));
        if let Some(name) = unknown {
            let what = format!("nothing is saved as `{name}` before ({})", step.at);
            return Err(Broken {
                file: spot.file.clone(),
                ..inner.broken("", what)
            });
        }
        saved.extend(step.save.iter().cloned());
        match &step.act {
            Act::Set(values) => saved.extend(values.keys().cloned()),
            Act::Listen(name) => {
                saved.insert(name.clone());
            }
            _ => {}
        }
    }
    Ok(())
}
