//! What a row promises its callers: what goes in and comes out, what they must prove, how they are refused. The OpenAPI
//! documents are made of it (feature `openapi`), so that no row can be without.

/// A type with a description of its JSON.
#[cfg(feature = "openapi")]
pub trait Described: schemars::JsonSchema {}
#[cfg(feature = "openapi")]
impl<T: schemars::JsonSchema> Described for T {}

/// A type with a description of its JSON, where descriptions are compiled in.
#[cfg(not(feature = "openapi"))]
pub trait Described {}
#[cfg(not(feature = "openapi"))]
impl<T> Described for T {}

/// The JSON of a type.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    #[cfg(feature = "openapi")]
    pub(super) source: Source,
}

#[cfg(feature = "openapi")]
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    Derived(fn(&mut schemars::SchemaGenerator) -> schemars::Schema),
    /// Name and schema, for objects that no type stands for.
    Written(&'static str, fn() -> serde_json::Value),
}

impl Type {
    /// The JSON of `T`.
    #[cfg_attr(not(feature = "openapi"), allow(clippy::extra_unused_type_parameters))]
    pub(super) fn of<T: Described>() -> Self {
        Self {
            #[cfg(feature = "openapi")]
            source: Source::Derived(schemars::SchemaGenerator::subschema_for::<T>),
        }
    }

    /// JSON that no type stands for: the name of its schema, and the schema.
    #[cfg_attr(not(feature = "openapi"), allow(unused_variables))]
    pub(super) fn written(name: &'static str, schema: fn() -> serde_json::Value) -> Self {
        Self {
            #[cfg(feature = "openapi")]
            source: Source::Written(name, schema),
        }
    }
}

/// A body.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Of a request: none is needed, whatever there is is ignored. Of an answer: `{"status":"OK"}`.
    Nothing,
    /// In a request `{"requestObject": …}`, in an answer `{"status": "OK", "responseObject": …}`.
    Object(Type),
    /// An object that may be left out, or be empty.
    Optional(Type),
    /// As `Object`, with the server's time beside it: `currentTimestamp`.
    Timed(Type),
    /// The whole body.
    Bare(Type),
    /// Any bytes; a signature covers them.
    Bytes,
}

/// What a phone proves, by the header in which it does so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// `X-PowerAuth-Authorization`: a signature over the request.
    Signature,
    /// `X-PowerAuth-Token`: a digest made with a token's secret.
    Token,
    /// `X-PowerAuth-Encryption`: it names the keys with which the body is encrypted.
    Encryption,
}

/// The contract of a row; empty, and free, where descriptions are not compiled in.
#[derive(Clone, Debug)]
pub struct Contract {
    /// What it says.
    #[cfg(feature = "openapi")]
    pub promises: Promises,
}

/// What a contract says.
#[derive(Clone, Debug)]
pub struct Promises {
    /// What the row does, in sentences.
    pub text: &'static str,
    /// Query parameters, and what they say. A name that ends with `?` may be left out.
    pub query: &'static [(&'static str, &'static str)],
    /// The body of a request.
    pub request: Form,
    /// The body of an answer.
    pub answer: Form,
    /// What phones must prove: one of these.
    pub proofs: &'static [Proof],
    /// HTTP statuses and codes of refusals; `ERR…` for all codes of the engine. Those for bodies and headers beyond the
    /// limits, which all rows share, are left out.
    pub refusals: Vec<(u16, &'static str)>,
}

impl Contract {
    /// Nothing goes in or comes out, nobody proves anything, nobody is refused.
    #[cfg_attr(not(feature = "openapi"), allow(unused_variables))]
    pub(super) fn new(text: &'static str) -> Self {
        Self {
            #[cfg(feature = "openapi")]
            promises: Promises {
                text,
                query: &[],
                request: Form::Nothing,
                answer: Form::Nothing,
                proofs: &[],
                refusals: Vec::new(),
            },
        }
    }

    #[cfg_attr(not(feature = "openapi"), allow(unused_mut, unused_variables))]
    fn with(mut self, change: impl FnOnce(&mut Promises)) -> Self {
        #[cfg(feature = "openapi")]
        change(&mut self.promises);
        self
    }

    /// With another text.
    pub(super) fn says(self, text: &'static str) -> Self {
        self.with(|it| it.text = text)
    }

    /// With another body of the request.
    pub(super) fn asks(self, request: Form) -> Self {
        self.with(|it| it.request = request)
    }

    /// With another body of the answer.
    pub(super) fn answers(self, answer: Form) -> Self {
        self.with(|it| it.answer = answer)
    }

    /// With query parameters.
    pub(super) fn queried(self, query: &'static [(&'static str, &'static str)]) -> Self {
        self.with(|it| it.query = query)
    }

    /// With proofs, of which one is needed.
    pub(super) fn proves(self, proofs: &'static [Proof]) -> Self {
        self.with(|it| it.proofs = proofs)
    }

    /// With more codes.
    pub(super) fn refuses(self, status: u16, codes: &[&'static str]) -> Self {
        self.with(|it| it.refusals.extend(codes.iter().map(|code| (status, *code))))
    }
}
