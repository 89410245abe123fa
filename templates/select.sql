{{ self::comment(format!("{}, version {}", self.rulebook.title, self.rulebook.version).as_str()) }}
{{ self::comment(rulebook.disclaimer) }}
WITH _blanks AS (
  SELECT {{ dialect.blanks() }} AS _all
),
_given AS {{ dialect.materialized() }}(
  SELECT
    {#- A question with the id `product` takes that name. #}
    {% if rulebook.question("product").is_some() %}_product{% else %}product{% endif %} AS _product,
    {{ given.join(",\n    ") }}
  FROM {{ dialect.quoted(table) }} CROSS JOIN _blanks
),
_numbered AS {{ dialect.materialized() }}(
  SELECT
    _product,
    {{ self::concatenated(invalid.as_slice()) }} AS _invalid,
    {{ numbers.join(",\n    ") }}
  FROM _given
),
_decided AS {{ dialect.materialized() }}(
  SELECT
    _product,
    _invalid,
    {{ decided.join(",\n    ") }}
  FROM _numbered
)
SELECT
  _product,
{%- for (name, what) in results %}
  CASE WHEN _invalid = '' THEN {{ what }} END AS {{ dialect.quoted(name) }},
{%- endfor %}
  TRIM(_invalid) AS _invalid
FROM _decided
