//! Structured operation data, `A1*A100CZK*…` (spec 6.2). Parsed for display only: what is signed is the raw text.

use super::OfflineError;

/// What an operation is about, as far as the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// 0, and any number not listed.
    Generic,
    /// 1
    Payment,
    /// 2
    Login,
}

/// One field. Texts have their escapes resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Placeholder of an omitted field.
    Empty,
    /// `A`
    Amount {
        /// Decimal number with a dot.
        amount: String,
        /// Three letters.
        currency: String,
    },
    /// `I`
    Iban {
        /// Account number.
        iban: String,
        /// Bank identifier.
        bic: Option<String>,
    },
    /// `Q`: account in free format.
    Account(String),
    /// `D`
    Date {
        /// Four digits.
        year: u16,
        /// 1 to 12.
        month: u8,
        /// 1 to the length of the month.
        day: u8,
    },
    /// `R`
    Reference(String),
    /// `N`
    Note(String),
    /// `T`
    Text(String),
    /// Any other letter; shown as text.
    Other(char, String),
}

/// Parsed operation data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationData {
    /// Version letter; only `A` is defined.
    pub version: char,
    /// Template number, 0 to 99.
    pub template_number: u8,
    /// The fields after the header.
    pub fields: Vec<Field>,
}

const MAX_FIELDS: usize = 5;

impl OperationData {
    /// Reads operation data.
    ///
    /// # Errors
    /// [`OfflineError::OperationData`] for a bad header, a bad field or too many fields, [`OfflineError::Text`] for
    /// control characters and unknown escapes.
    pub fn parse(text: &str) -> Result<Self, OfflineError> {
        let mut parts = split_fields(text)?.into_iter();
        let header = parts.next().ok_or(OfflineError::OperationData)?;
        let (version, template_number) = parse_header(&header)?;
        let fields = parts
            .map(|field| Field::parse(&field))
            .collect::<Result<Vec<_>, _>>()?;
        if version == 'A' && fields.len() > MAX_FIELDS {
            return Err(OfflineError::OperationData);
        }
        Ok(Self {
            version,
            template_number,
            fields,
        })
    }

    /// The template; unknown numbers are generic.
    #[must_use]
    pub const fn template(&self) -> Template {
        match self.template_number {
            1 => Template::Payment,
            2 => Template::Login,
            _ => Template::Generic,
        }
    }

    /// Writes operation data, with escapes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!("{}{}", self.version, self.template_number);
        for field in &self.fields {
            out.push('*');
            out.push_str(&escape(&field.to_text()));
        }
        out
    }
}

fn parse_header(header: &str) -> Result<(char, u8), OfflineError> {
    let mut chars = header.chars();
    let version = chars
        .next()
        .filter(char::is_ascii_uppercase)
        .ok_or(OfflineError::OperationData)?;
    let digits = chars.as_str();
    if !(1..=2).contains(&digits.len()) || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(OfflineError::OperationData);
    }
    Ok((version, digits.parse().map_err(|_| OfflineError::OperationData)?))
}

/// Splits at asterisks that are not escaped and resolves `\*`, `\\` and `\n`.
fn split_fields(text: &str) -> Result<Vec<String>, OfflineError> {
    let mut fields = Vec::new();
    let mut current = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => fields.push(core::mem::take(&mut current)),
            '\\' => current.push(match chars.next() {
                Some('n') => '\n',
                Some(literal @ ('*' | '\\')) => literal,
                _ => return Err(OfflineError::Text),
            }),
            c if c < ' ' => return Err(OfflineError::Text),
            c => current.push(c),
        }
    }
    fields.push(current);
    Ok(fields)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '*' => out.push_str("\\*"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

impl Field {
    fn parse(field: &str) -> Result<Self, OfflineError> {
        let mut chars = field.chars();
        let Some(kind) = chars.next() else {
            return Ok(Self::Empty);
        };
        let content = chars.as_str();
        let text = || content.to_owned();
        Ok(match kind {
            'A' => Self::amount(content).ok_or(OfflineError::OperationData)?,
            'I' => Self::iban(content).ok_or(OfflineError::OperationData)?,
            'D' => Self::date(content).ok_or(OfflineError::OperationData)?,
            'Q' => Self::Account(text()),
            'R' => Self::Reference(text()),
            'N' => Self::Note(text()),
            'T' => Self::Text(text()),
            other => Self::Other(other, text()),
        })
    }

    fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Amount { amount, currency } => format!("A{amount}{currency}"),
            Self::Iban { iban, bic: None } => format!("I{iban}"),
            Self::Iban { iban, bic: Some(bic) } => format!("I{iban},{bic}"),
            Self::Date { year, month, day } => format!("D{year:04}{month:02}{day:02}"),
            Self::Account(text) => format!("Q{text}"),
            Self::Reference(text) => format!("R{text}"),
            Self::Note(text) => format!("N{text}"),
            Self::Text(text) => format!("T{text}"),
            Self::Other(kind, text) => format!("{kind}{text}"),
        }
    }

    fn amount(content: &str) -> Option<Self> {
        let (amount, currency) = content.split_at_checked(content.len().checked_sub(3)?)?;
        let (whole, fraction) = match amount.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (amount, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let valid = digits(whole.strip_prefix('-').unwrap_or(whole))
            && fraction.is_none_or(digits)
            && currency.bytes().all(|c| c.is_ascii_uppercase());
        valid.then(|| Self::Amount {
            amount: amount.to_owned(),
            currency: currency.to_owned(),
        })
    }

    fn iban(content: &str) -> Option<Self> {
        let (iban, bic) = match content.split_once(',') {
            Some((iban, bic)) => (iban, Some(bic)),
            None => (content, None),
        };
        let valid = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric());
        (valid(iban) && bic.is_none_or(valid)).then(|| Self::Iban {
            iban: iban.to_owned(),
            bic: bic.map(str::to_owned),
        })
    }

    fn date(content: &str) -> Option<Self> {
        if content.len() != 8 || !content.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let (year, rest) = content.split_at(4);
        let (month, day) = rest.split_at(2);
        let (year, month, day): (u16, u8, u8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days)
            .contains(&day)
            .then_some(Self::Date { year, month, day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_of_the_specification() {
        let text = "A1*A100CZK*ICZ2730300000001165254011*R/VS123456/SS/KS*D20180425";
        let data = OperationData::parse(text).unwrap();
        assert_eq!(data.template(), Template::Payment);
        assert_eq!(
            data.fields,
            [
                Field::Amount {
                    amount: "100".into(),
                    currency: "CZK".into()
                },
                Field::Iban {
                    iban: "CZ2730300000001165254011".into(),
                    bic: None
                },
                Field::Reference("/VS123456/SS/KS".into()),
                Field::Date {
                    year: 2018,
                    month: 4,
                    day: 25
                },
            ]
        );
        assert_eq!(data.to_text(), text);
    }

    #[test]
    fn escapes_placeholders_and_limits() {
        let data = OperationData::parse(r"A99**Ta\*b\\c\nd*A-1.50EUR*IAB1,BIC*Zx").unwrap();
        assert_eq!(data.template(), Template::Generic);
        assert_eq!(data.fields[1], Field::Text("a*b\\c\nd".into()));
        assert_eq!(OperationData::parse(&data.to_text()), Ok(data));
        for bad in [
            "",
            "1",
            "a1",
            "A",
            "A100",
            "A1x",
            "B",
            "A1*A100",
            "A1*A1.CZK",
            "A1*A.5CZK",
            "A1*ACZK",
            "A1*A1czk",
            "A1*D20180229",
            "A1*D2018042",
            "A1*D20181301",
            "A1*I",
            "A1*IA,",
            "A1*T\\x",
            "A1*T\\",
            "A1*T\t",
            "A1*1*2*3*4*5*6",
            "A1\n",
            "A1*A€CZK",
        ] {
            assert!(OperationData::parse(bad).is_err(), "{bad}");
        }
        assert!(OperationData::parse("A2").is_ok());
    }
}
