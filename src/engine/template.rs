//! Operation templates (server API, part 2, section 12).
//!
//! A template is found by number; its name leads to it through a claim, so that two templates of one
//! name cannot come to be, however parallel. A removed template keeps its number and gives the name
//! back.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::journal;
use super::json;
use super::pages::scan_all;
use super::signature::SignatureType;
use super::system::Nothing;
use super::{Engine, EngineStop, Error, ErrorCode, Outcome, bounded, digest};
use crate::model::journal::{Head, Subject};
use crate::model::replay::{Claim, Sequence};
use crate::model::template::{TEMPLATES, Template, record_id};
use crate::store::{Range, Tx};

/// Name of the sequence of their numbers.
pub(crate) const SEQUENCE: &str = "template";

/// Request of [`create`] and [`update`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["operationType", "dataTemplate", "signatureType", "maxFailureCount", "expiration"])))]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateRequest {
    /// Number; only for [`update`].
    #[serde(deserialize_with = "json::integer")]
    pub id: Option<i64>,
    /// Name, 1 to 255 characters; only for [`create`].
    pub template_name: Option<String>,
    /// Type of the operations, 1 to 255 characters.
    pub operation_type: Option<String>,
    /// Text with placeholders, 1 to 255 characters.
    pub data_template: Option<String>,
    /// Allowed factors, at least one, each once.
    pub signature_type: Option<Vec<SignatureType>>,
    /// Failed approvals that end an operation, above 0.
    #[serde(deserialize_with = "json::integer")]
    pub max_failure_count: Option<i64>,
    /// Lifetime of operations in seconds, above 0.
    #[serde(deserialize_with = "json::integer")]
    pub expiration: Option<i64>,
    /// Letters, each a flag; at most 255 characters.
    pub risk_flags: Option<String>,
    /// Whether operations get a TOTP seed; not unless told. `proximity_check_enabled` and `enableProximityCheck` mean the
    /// same.
    #[serde(deserialize_with = "json::boolean")]
    pub proximity_check_enabled: Option<bool>,
    /// The same, as the written reference spells it.
    #[cfg_attr(feature = "openapi", schemars(skip))]
    #[serde(rename = "proximity_check_enabled", deserialize_with = "json::boolean")]
    pub proximity_check_documented: Option<bool>,
    /// The same, as the written reference spells it elsewhere.
    #[cfg_attr(feature = "openapi", schemars(skip))]
    #[serde(deserialize_with = "json::boolean")]
    pub enable_proximity_check: Option<bool>,
}

/// A template in answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TemplateDetail {
    /// Number, from 1.
    pub id: u64,
    /// Name.
    pub template_name: String,
    /// Type of the operations.
    pub operation_type: String,
    /// Text with placeholders.
    pub data_template: String,
    /// Allowed factors in the order given.
    #[cfg_attr(feature = "openapi", schemars(with = "Vec<SignatureType>"))]
    pub signature_type: Vec<String>,
    /// Failed approvals that end an operation.
    pub max_failure_count: u64,
    /// Lifetime of operations in seconds.
    pub expiration: u64,
    /// Letters, each a flag.
    pub risk_flags: Option<String>,
    /// Whether operations get a TOTP seed.
    pub proximity_check_enabled: bool,
}

impl From<Template> for TemplateDetail {
    fn from(it: Template) -> Self {
        Self {
            id: it.id,
            template_name: it.name,
            operation_type: it.operation_type,
            data_template: it.data_template,
            signature_type: it.signature_types,
            max_failure_count: it.max_failure_count,
            expiration: it.expiration,
            risk_flags: it.risk_flags,
            proximity_check_enabled: it.proximity_check,
        }
    }
}

fn refuse(text: &str) -> EngineStop {
    Error::with_detail(ErrorCode::InvalidRequest, text).into()
}

/// A text that is there, not empty and not too long.
fn text<'a>(attribute: &'a Option<String>, missing: &str) -> Result<&'a str, EngineStop> {
    match attribute.as_deref() {
        None | Some("") => Err(refuse(missing)),
        Some(text) => bounded(text),
    }
}

fn positive(attribute: Option<i64>, missing: &str) -> Result<u64, EngineStop> {
    match attribute.and_then(|number| u64::try_from(number).ok()) {
        None | Some(0) => Err(refuse(missing)),
        Some(number) => Ok(number),
    }
}

/// The template that the request describes, in the reference's order of checks.
fn read(request: &TemplateRequest, id: u64, name: &str) -> Result<Template, EngineStop> {
    let operation_type = text(
        &request.operation_type,
        "Template operation type must not be null or empty.",
    )?;
    let signature_types = match request.signature_type.as_deref() {
        None | Some([]) => return Err(refuse("Template signature types must not be empty.")),
        Some(types) => types,
    };
    let distinct = |(at, kind)| {
        !signature_types
            .iter()
            .take(at)
            .any(|earlier: &SignatureType| earlier == kind)
    };
    if !signature_types.iter().enumerate().all(distinct) {
        return Err(refuse("Template signature types must be unique."));
    }
    let data_template = text(&request.data_template, "Template data must not be null or empty.")?;
    let expiration = positive(
        request.expiration,
        "Template expiration must be a positive number.",
    )?;
    let max_failure_count = positive(
        request.max_failure_count,
        "Template maximum failure count must be a positive number.",
    )?;
    let risk_flags = request.risk_flags.as_deref().map(bounded).transpose()?;
    Ok(Template {
        id,
        name: name.to_owned(),
        operation_type: operation_type.to_owned(),
        data_template: data_template.to_owned(),
        signature_types: signature_types
            .iter()
            .map(|kind| kind.0.as_upper_str().to_owned())
            .collect(),
        max_failure_count,
        expiration,
        risk_flags: risk_flags.map(str::to_owned),
        proximity_check: request
            .proximity_check_enabled
            .or(request.proximity_check_documented)
            .or(request.enable_proximity_check)
            .unwrap_or(false),
        removed: false,
        journal: Head::default(),
    })
}

/// Writes the template with an entry in its journal.
fn save_and_note(tx: &mut Tx<'_>, template: &mut Template, kind: &str) -> Result<(), EngineStop> {
    let subject = Subject::Template(record_id(template.id));
    let parameters = match template.removed {
        true => json!({ "templateName": template.name }),
        false => json!(TemplateDetail::from(template.clone())),
    };
    journal::note(tx, subject, &mut template.journal, kind, None, &parameters)?;
    tx.put(template);
    Ok(())
}

/// Key of the claim on a name. Names that do not fit into a key are claimed by their digest.
pub(crate) fn claim_name(name: &str) -> String {
    let key = Claim::template(name);
    if key.len() <= 255 && !key.contains('\0') {
        return key;
    }
    format!("template_digest/{}", digest(&[name]))
}

/// The template called `name`.
pub(crate) fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<Template>, EngineStop> {
    let Some(claim) = tx.get::<Claim>(&claim_name(name))? else {
        return Ok(None);
    };
    let Some(id) = claim.target else {
        return Ok(None);
    };
    Ok(tx.get::<Template>(&id)?.filter(|template| !template.removed))
}

/// The template with a number, or ERR0033.
fn find(tx: &mut Tx<'_>, id: i64) -> Result<Template, EngineStop> {
    let id = u64::try_from(id).map_err(|_| ErrorCode::TemplateNotFound)?;
    tx.get::<Template>(&record_id(id))?
        .filter(|template| !template.removed)
        .ok_or_else(|| ErrorCode::TemplateNotFound.into())
}

/// A new template; ERR0039 when the name is taken.
pub fn create(_: &Engine, tx: &mut Tx<'_>, request: &TemplateRequest) -> Outcome<TemplateDetail> {
    let name = text(&request.template_name, "Template name must not be null or empty.")?;
    let mut template = read(request, 0, name)?;
    let key = claim_name(name);
    tx.want::<Sequence>(SEQUENCE);
    let claim = tx.get::<Claim>(&key)?;
    if claim.is_some_and(|claim| claim.target.is_some()) {
        return Err(ErrorCode::TemplateAlreadyExists.into());
    }
    let last = tx.get::<Sequence>(SEQUENCE)?.map_or(0, |it| it.last);
    template.id = last.saturating_add(1);
    tx.put(&Sequence {
        name: SEQUENCE.to_owned(),
        last: template.id,
    });
    tx.put(&Claim {
        name: key,
        target: Some(record_id(template.id)),
    });
    save_and_note(tx, &mut template, "template_created")?;
    Ok(Ok(template.into()))
}

/// All templates, by number.
pub fn list(_: &Engine, tx: &mut Tx<'_>, _: &Nothing) -> Outcome<Vec<TemplateDetail>> {
    let templates = scan_all::<Template>(tx, Range::all(TEMPLATES, "", 500))?;
    let present = templates.into_iter().filter(|it| !it.removed);
    Ok(Ok(present.map(TemplateDetail::from).collect()))
}

/// Request of [`detail`] and [`remove`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["id"])))]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateIdRequest {
    /// Number.
    #[serde(deserialize_with = "json::integer")]
    pub id: Option<i64>,
}

fn given(id: Option<i64>) -> Result<i64, EngineStop> {
    id.ok_or_else(|| refuse("Template ID must not be null."))
}

/// One template.
pub fn detail(_: &Engine, tx: &mut Tx<'_>, request: &TemplateIdRequest) -> Outcome<TemplateDetail> {
    Ok(Ok(find(tx, given(request.id)?)?.into()))
}

/// Replaces everything but number and name. Existing operations stay as they are.
pub fn update(_: &Engine, tx: &mut Tx<'_>, request: &TemplateRequest) -> Outcome<TemplateDetail> {
    let id = given(request.id)?;
    let mut template = read(request, 0, "")?;
    let old = find(tx, id)?;
    template.id = old.id;
    template.name = old.name;
    template.journal = old.journal;
    save_and_note(tx, &mut template, "template_updated")?;
    Ok(Ok(template.into()))
}

/// Removes the template; its name is free again.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, request: &TemplateIdRequest) -> Outcome<()> {
    let template = find(tx, given(request.id)?)?;
    let key = claim_name(&template.name);
    let claim = tx.get::<Claim>(&key)?;
    if claim.is_some_and(|claim| claim.target == Some(record_id(template.id))) {
        tx.put(&Claim {
            name: key,
            target: None,
        });
    }
    let mut tombstone = Template {
        id: template.id,
        name: template.name,
        operation_type: String::new(),
        data_template: String::new(),
        signature_types: Vec::new(),
        max_failure_count: 0,
        expiration: 0,
        risk_flags: None,
        proximity_check: false,
        removed: true,
        journal: template.journal,
    };
    save_and_note(tx, &mut tombstone, "template_removed")?;
    Ok(Ok(()))
}
