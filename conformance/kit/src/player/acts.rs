//! What steps do.

use countersign::bridge::phone::Step;
use countersign::bridge::protocol;
use countersign::crypto::backend::default_backend;
use countersign::crypto::encoding::base64;
use countersign::crypto::key::KeyPair;
use serde_json::{Value, json};

use super::{Player, Seen, Stop};
use crate::dice::Dice;
use crate::ears::Ears;
use crate::handset::{Handset, damage, described, fetches_key, outgoing};
use crate::scenario::{Act, Base, Body, Call, Command, Outcome, Reply};
use crate::transport::{Incoming, Outgoing};
use crate::values::now;

/// Longer bodies are cut in reports.
const SHOWN: usize = 400;

fn broken(error: impl std::fmt::Display) -> Stop {
    Stop::Broken(error.to_string())
}

fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}

fn exchange(request: &Outgoing, answer: &Incoming) -> String {
    let Outgoing {
        method, path, body, ..
    } = request;
    let (sent, status, came) = (shown(body), answer.status, shown(&answer.body));
    format!("{method} {path} {sent}\n→ {status} {came}")
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The answer to a method of the server API as the answer of an API of phones: the object that is sealed.
fn unwrapped(answer: &Incoming) -> Incoming {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    match body.as_ref().and_then(|body| body.get("responseObject")) {
        Some(object) if answer.status == 200 => Incoming {
            status: 200,
            body: object.to_string().into_bytes(),
        },
        _ => answer.clone(),
    }
}

impl Player<'_> {
    pub(super) fn act(&mut self, act: &Act) -> Result<Seen, Stop> {
        match act {
            Act::Call(call, reply) => self.call(call, reply),
            Act::Phone(command) => self.command(command),
            Act::New(name, settings) => {
                let settings = self.values.fill(settings)?;
                let handset = Handset::new(&settings).map_err(broken)?;
                self.phones.insert(name.clone(), handset);
                Ok(Seen::default())
            }
            Act::Copy(from, to) => {
                let copy = self.handset(from)?.copy().map_err(broken)?;
                self.phones.insert(to.clone(), copy);
                Ok(Seen::default())
            }
            Act::Resend(name, reply) => {
                let last = self.handset(name)?.last.clone();
                let last = last.ok_or_else(|| broken("the phone has sent nothing"))?;
                let answer = self.transport.send(&last).map_err(broken)?;
                self.judge(&last, &answer, reply)
            }
            Act::Compute(command, outcome) => self.compute(command, outcome),
            Act::Keys => {
                let pair = KeyPair::generate(default_backend(), &mut Dice).map_err(broken)?;
                let value = json!({
                    "privateKey": base64::encode(pair.private.as_bytes()),
                    "publicKey": base64::encode(pair.public.as_bytes()),
                });
                Ok(Seen {
                    value,
                    ..Seen::default()
                })
            }
            Act::Set(values) => {
                for (name, template) in values {
                    let value = self.values.fill(template)?;
                    self.values.save(name, value);
                }
                Ok(Seen::default())
            }
            Act::Check(value, expected) => {
                let value = self.values.fill(value)?;
                let mut seen = Seen::default();
                self.compare("the value", expected, Some(&value), &mut seen.differences)?;
                Ok(Seen { value, ..seen })
            }
            Act::Listen(name) => {
                let ears = Ears::open(self.settings.listen).map_err(broken)?;
                self.values.save(name, json!({ "url": ears.url() }));
                self.ears.insert(name.clone(), ears);
                Ok(Seen::default())
            }
            Act::Heard(name, expected) => {
                let ears = self.ears.get(name);
                let heard = ears.map(Ears::heard).ok_or_else(|| broken("nobody listens"))?;
                let mut seen = Seen {
                    value: Value::Array(heard),
                    ..Seen::default()
                };
                let Seen {
                    differences, value, ..
                } = &mut seen;
                self.compare("what was heard", expected, Some(value), differences)?;
                Ok(seen)
            }
        }
    }

    fn handset(&mut self, name: &str) -> Result<&mut Handset, Stop> {
        let found = self.phones.get_mut(name);
        found.ok_or_else(|| broken(format!("there is no phone `{name}`")))
    }

    fn request(&self, call: &Call) -> Result<Outgoing, Stop> {
        let mut headers = Vec::new();
        for (name, template) in &call.headers {
            headers.push((name.clone(), text(self.values.fill(template)?)));
        }
        let body = match &call.body {
            Body::None => Vec::new(),
            Body::Wrapped(object) => json!({ "requestObject": self.values.fill(object)? })
                .to_string()
                .into_bytes(),
            Body::Json(json) => self.values.fill(json)?.to_string().into_bytes(),
            Body::Raw(raw) => text(self.values.fill(raw)?).into_bytes(),
        };
        if !body.is_empty()
            && !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        headers.push(("Accept".to_owned(), "application/json".to_owned()));
        Ok(Outgoing {
            to: call.to,
            method: call.method.clone(),
            path: text(self.values.fill(&call.path)?),
            headers,
            body,
        })
    }

    fn call(&self, call: &Call, reply: &Reply) -> Result<Seen, Stop> {
        let request = self.request(call)?;
        let answer = self.transport.send(&request).map_err(broken)?;
        self.judge(&request, &answer, reply)
    }

    /// Compares an answer over HTTP.
    fn judge(&self, request: &Outgoing, answer: &Incoming, reply: &Reply) -> Result<Seen, Stop> {
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let object = body.as_ref().and_then(|body| body.get("responseObject"));
        let mut differences = Vec::new();
        let status = Value::from(answer.status);
        let by_default = Value::from(if reply.error.is_some() { 400 } else { 200 });
        let http = reply.http.as_ref().unwrap_or(&by_default);
        self.compare("HTTP status", http, Some(&status), &mut differences)?;
        if let Some(expected) = &reply.error {
            let word = body.as_ref().and_then(|body| body.get("status"));
            self.compare("/status", &"ERROR".into(), word, &mut differences)?;
            let code = object.and_then(|object| object.get("code"));
            self.compare("/responseObject/code", expected, code, &mut differences)?;
        }
        if let Some(expected) = &reply.object {
            self.compare("/responseObject", expected, object, &mut differences)?;
        }
        if let Some(expected) = &reply.answer {
            self.compare("", expected, body.as_ref(), &mut differences)?;
        }
        Ok(Seen {
            differences,
            value: object.cloned().or(body).unwrap_or_default(),
            exchange: exchange(request, answer),
        })
    }

    fn compute(&self, command: &Value, outcome: &Outcome) -> Result<Seen, Stop> {
        let command = self.values.fill(command)?.to_string();
        let result = protocol::perform(&command, now(), &mut Dice).map_err(broken)?;
        let result: Value = serde_json::from_slice(&result).map_err(broken)?;
        let mut seen = Seen::default();
        self.conclude(&result, outcome, &mut seen)?;
        Ok(seen)
    }

    /// Compares `{"result":…}` or `{"error":…}`.
    fn conclude(&self, result: &Value, outcome: &Outcome, seen: &mut Seen) -> Result<(), Stop> {
        let (good, error) = (result.get("result"), result.get("error"));
        let kind = error.and_then(|error| error.get("kind"));
        match outcome {
            Outcome::Result(_) if good.is_none() => {
                self.compare("error", &json!({ "$absent": true }), error, &mut seen.differences)?;
            }
            Outcome::Result(expected) => self.compare("result", expected, good, &mut seen.differences)?,
            Outcome::Refused(expected) => {
                self.compare("error/kind", &"refused".into(), kind, &mut seen.differences)?;
                self.compare("error", expected, error, &mut seen.differences)?;
            }
            Outcome::Fails(expected) => self.compare("error/kind", expected, kind, &mut seen.differences)?,
        }
        seen.value = good.or(error).cloned().unwrap_or_default();
        Ok(())
    }

    fn command(&mut self, command: &Command) -> Result<Seen, Stop> {
        let text = self.values.fill(&command.command)?.to_string();
        let shift = command.clock.saturating_mul(1_000);
        let clock = || now().saturating_add_signed(shift);
        let mut seen = Seen::default();
        let mut sent = false;
        let must_send = command.outcome.is_none()
            || command.reply.is_some()
            || command.through.is_some()
            || !command.damage.is_empty();
        let mut step = self.handset(&command.phone)?.phone.perform(&text, clock());
        loop {
            let message = match step.map_err(broken)? {
                Step::Request(message) => message,
                Step::Result(result) => {
                    let result: Value = serde_json::from_slice(&result).map_err(broken)?;
                    if must_send && !sent {
                        return Err(broken(format!("the phone sends nothing: {result}")));
                    }
                    if let Some(outcome) = &command.outcome {
                        self.conclude(&result, outcome, &mut seen)?;
                    }
                    return Ok(seen);
                }
            };
            let mut request = outgoing(&message).map_err(broken)?;
            let answer = if fetches_key(&request) {
                self.transport.send(&request).map_err(broken)?
            } else {
                damage(&mut request, &command.damage, &self.values)?;
                let answer = self.forward(&request, command, &mut seen)?;
                self.handset(&command.phone)?.last = Some(request);
                sent = true;
                answer
            };
            if command.outcome.is_none() && sent {
                return Ok(seen);
            }
            let handset = self.handset(&command.phone)?;
            step = handset.phone.answer(answer.status, &answer.body, clock());
        }
    }

    /// Sends what a phone sends, to where the command wants it.
    fn forward(&mut self, request: &Outgoing, command: &Command, seen: &mut Seen) -> Result<Incoming, Stop> {
        let (sent, answer, read) = match &command.through {
            None => {
                let answer = self.transport.send(request).map_err(broken)?;
                (request.clone(), answer.clone(), answer)
            }
            Some((path, object)) => {
                let mut values = self.values.clone();
                values.save("request", described(request));
                let body = json!({ "requestObject": values.fill(object)? });
                let sent = Outgoing {
                    to: Base::Server,
                    method: "POST".to_owned(),
                    path: path.clone(),
                    headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
                    body: body.to_string().into_bytes(),
                };
                let answer = self.transport.send(&sent).map_err(broken)?;
                let read = unwrapped(&answer);
                (sent, answer, read)
            }
        };
        let by_default = Reply {
            http: Some(json!({ "$present": true })),
            ..Reply::default()
        };
        *seen = self.judge(&sent, &answer, command.reply.as_ref().unwrap_or(&by_default))?;
        Ok(read)
    }
}
