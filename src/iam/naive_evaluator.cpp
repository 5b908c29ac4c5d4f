#include "iam/naive_evaluator.hpp"

#include <algorithm>
#include <cstdlib>

#include "json/json.hpp"

namespace stator::iam::naive {
namespace {

/// Whether something fits; kHole when a variable in it has no value.
enum Fit { kNo, kHole, kYes };

struct Token {
  enum Kind { kChar, kStar, kOne, kHole } kind = kChar;
  char value = 0;
  bool is_written = false;  ///< stands in the policy itself, not in a variable
};
using Tokens = std::vector<Token>;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// What stands for a variable, or a hole.
void put_variable(const std::string& inside, const Request& request, Tokens& tokens) {
  std::string value = inside;
  if (inside != "*" && inside != "?" && inside != "$") {
    const auto comma = inside.find(',');
    const auto found = request.keys.find(lower(inside.substr(0, comma)));
    if (found != request.keys.end() && found->second.size() == 1) {
      value = found->second[0];
    } else if (comma != std::string::npos &&
               (found == request.keys.end() || found->second.empty())) {
      const auto quote = inside.find('\'');
      value = inside.substr(quote + 1, inside.rfind('\'') - quote - 1);
    } else {
      tokens.push_back({Token::kHole, 0, false});
      return;
    }
  }
  for (const char c : value) tokens.push_back({Token::kChar, c, false});
}

Tokens read(const std::string& text, bool has_wildcards, bool has_variables,
            const Request& request) {
  Tokens tokens;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (has_variables && text.compare(i, 2, "${") == 0) {
      const auto end = text.find('}', i);
      put_variable(text.substr(i + 2, end - i - 2), request, tokens);
      i = end;
    } else if (has_wildcards && text[i] == '*') {
      tokens.push_back({Token::kStar, 0, true});
    } else if (has_wildcards && text[i] == '?') {
      tokens.push_back({Token::kOne, 0, true});
    } else {
      tokens.push_back({Token::kChar, text[i], true});
    }
  }
  return tokens;
}

bool fits_from(const Tokens& tokens, std::size_t i, const std::string& text, std::size_t at) {
  if (i == tokens.size()) return at == text.size();
  if (tokens[i].kind == Token::kStar) {
    return fits_from(tokens, i + 1, text, at) ||
           (at < text.size() && fits_from(tokens, i, text, at + 1));
  }
  return at < text.size() && (tokens[i].kind == Token::kOne || tokens[i].value == text[at]) &&
         fits_from(tokens, i + 1, text, at + 1);
}

Fit fits(const Tokens& tokens, const std::string& text) {
  for (const auto& token : tokens) {
    if (token.kind == Token::kHole) return kHole;
  }
  return fits_from(tokens, 0, text, 0) ? kYes : kNo;
}

/// At the first five colons that are written; the rest is one part.
std::vector<Tokens> split_tokens(const Tokens& tokens) {
  std::vector<Tokens> parts(1);
  for (const auto& token : tokens) {
    const bool is_colon = token.is_written && token.kind == Token::kChar && token.value == ':';
    if (is_colon && parts.size() < 6) {
      parts.emplace_back();
    } else {
      parts.back().push_back(token);
    }
  }
  return parts;
}

std::vector<std::string> split_text(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':' && parts.size() < 6) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Fit fits_arn(const Tokens& pattern, const std::string& arn, bool is_padded) {
  if (pattern.size() == 1 && pattern[0].kind == Token::kStar) {
    return is_padded || split_text(arn).size() == 6 ? kYes : kNo;
  }
  auto wanted = split_tokens(pattern);
  const auto given = split_text(arn);
  if (given.size() < 6 || given[0] != "arn") return kNo;
  if (wanted.size() < 6 && !is_padded) return kNo;
  wanted.resize(6, {{Token::kStar, 0, true}});
  Fit worst = kYes;
  for (std::size_t i = 0; i < 6; ++i) worst = std::min(worst, fits(wanted[i], given[i]));
  return worst;
}

std::vector<std::string> texts(const json::Value& value) {
  std::vector<std::string> found;
  const auto add = [&](const json::Value& item) {
    found.push_back(item.is_string() ? std::string(json::view(item.get_string()))
                                     : json::dump(item));
  };
  if (!value.is_array()) {
    add(value);
  } else {
    for (const auto& item : value.get_array()) add(item);
  }
  return found;
}

bool starts(const std::string& text, const std::string& with) {
  return text.compare(0, with.size(), with) == 0;
}

bool is_number(const std::string& text, double& number) {
  char* end = nullptr;
  number = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0';
}

bool compare(const std::string& suffix, double given, double wanted) {
  if (suffix == "equals" || suffix == "notequals") return given == wanted;
  if (suffix == "lessthan") return given < wanted;
  if (suffix == "lessthanequals") return given <= wanted;
  if (suffix == "greaterthan") return given > wanted;
  return given >= wanted;
}

/// The leading bits of dotted addresses.
bool is_in_block(const std::string& block, const std::string& address) {
  const auto number = [](const std::string& text) {
    unsigned long value = 0;
    const char* at = text.c_str();
    for (int i = 0; i < 4; ++i) {
      char* end = nullptr;
      value = value * 256 + std::strtoul(at, &end, 10);
      at = end + 1;
    }
    return value;
  };
  const auto slash = block.find('/');
  const int bits = slash == std::string::npos ? 32 : std::atoi(block.c_str() + slash + 1);
  return number(block) >> (32 - bits) == number(address) >> (32 - bits);
}

/// One value of the request against one of the policy; `name` without "not".
Fit fits_value(const std::string& name, const std::string& wanted, const std::string& given,
               bool has_variables, const Request& request) {
  if (starts(name, "arn")) {
    return fits_arn(read(wanted, true, has_variables, request), given, false);
  }
  if (starts(name, "string")) {
    const bool is_caseless = name.find("ignorecase") != std::string::npos;
    auto tokens = read(wanted, name == "stringlike", has_variables, request);
    if (is_caseless) {
      for (auto& token : tokens) token.value = lower(std::string(1, token.value))[0];
    }
    return fits(tokens, is_caseless ? lower(given) : given);
  }
  if (starts(name, "numeric") || starts(name, "date")) {
    const std::string suffix = name.substr(starts(name, "date") ? 4 : 7);
    double a = 0, b = 0;
    return is_number(given, a) && is_number(wanted, b) && compare(suffix, a, b) ? kYes : kNo;
  }
  if (name == "ipaddress") return is_in_block(wanted, given) ? kYes : kNo;
  return lower(wanted) == lower(given) && (lower(given) == "true" || lower(given) == "false") ? kYes
                                                                                              : kNo;
}

bool holds(const std::string& operation, const std::string& key,
           const std::vector<std::string>& wanted, bool has_variables, const Request& request) {
  std::string name = lower(operation);
  const bool is_any = starts(name, "foranyvalue:"), is_all = starts(name, "forallvalues:");
  if (is_any || is_all) name = name.substr(name.find(':') + 1);
  const auto if_exists = name.find("ifexists");
  if (if_exists != std::string::npos) name = name.substr(0, if_exists);
  const auto negation = name.find("not");
  if (negation != std::string::npos) name.erase(negation, 3);
  const bool is_negated = negation != std::string::npos;

  const auto found = request.keys.find(lower(key));
  const bool is_absent = found == request.keys.end() || found->second.empty();
  if (name == "null") {
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& value) {
      return lower(value) == (is_absent ? "true" : "false");
    });
  }
  if (is_absent) {
    if (if_exists != std::string::npos || is_all) return true;
    return is_negated && !is_any;
  }
  std::size_t good = 0;
  bool is_all_empty = true;
  for (const auto& given : found->second) {
    Fit best = kNo;
    for (const auto& value : wanted) {
      best = std::max(best, fits_value(name, value, given, has_variables, request));
    }
    if (best == (is_negated ? kNo : kYes)) ++good;
    is_all_empty = is_all_empty && given.empty();
  }
  if (is_any) return good > 0;
  if (is_all) return good == found->second.size() || is_all_empty;
  return good == found->second.size() && (found->second.size() == 1 || is_negated);
}

bool applies(const json::Object& statement, bool has_variables, const Request& request) {
  const bool not_action = statement.contains("NotAction");
  bool hit = false;
  for (const auto& pattern : texts(statement.at(not_action ? "NotAction" : "Action"))) {
    hit |= fits_from(read(lower(pattern), true, false, request), 0, lower(request.action), 0);
  }
  if (hit == not_action) return false;

  const bool not_resource = statement.contains("NotResource");
  if (not_resource || statement.contains("Resource")) {
    Fit best = kNo;
    for (const auto& pattern : texts(statement.at(not_resource ? "NotResource" : "Resource"))) {
      const auto tokens = read(pattern, true, has_variables, request);
      best = std::max(best, starts(pattern, "arn:") || pattern == "*"
                                ? fits_arn(tokens, request.resource, true)
                                : fits(tokens, request.resource));
    }
    if (best != (not_resource ? kNo : kYes)) return false;
  }

  const auto* condition = json::find(statement, "Condition");
  if (condition == nullptr) return true;
  for (const auto& [operation, keys] : condition->get_object()) {
    for (const auto& [key, values] : keys.get_object()) {
      if (!holds(operation, key, texts(values), has_variables, request)) return false;
    }
  }
  return true;
}

struct Document {
  json::Object root;
  bool has_variables = false;
  std::vector<json::Object> statements;
};

Document load(const std::string& text) {
  Document document;
  document.root = json::parse_object(text).value();
  document.has_variables = json::find_string(document.root, "Version") == "2012-10-17";
  for (const auto& item : document.root.at("Statement").get_array()) {
    document.statements.push_back(item.get_object());
  }
  return document;
}

/// How much a Principal element says about the caller: 0 nothing, 1 its account, 2 the role behind
/// it, 3 itself.
int speaks_of(const std::string& type, const std::string& value, const Request& request) {
  if (value == "*") return 3;
  if (type == "Service") return !request.service.empty() && value == request.service ? 3 : 0;
  if (!request.service.empty() || request.arn.empty()) return 0;
  if (value == request.arn) return value.find(":root") == std::string::npos ? 3 : 1;
  if (!request.role_arn.empty() && value == request.role_arn) return 2;
  return value == request.account || value == "arn:aws:iam::" + request.account + ":root" ? 1 : 0;
}

int principal_of(const json::Object& statement, const Request& request) {
  const bool is_not = statement.contains("NotPrincipal");
  const auto& element = statement.at(is_not ? "NotPrincipal" : "Principal");
  if (is_not && request.has_boundary) return 3;
  bool says[4] = {};
  if (element.is_string()) {
    says[3] = true;
    if (is_not) return 0;
  } else {
    for (const auto& [type, values] : element.get_object()) {
      for (const auto& value : texts(values)) {
        if (is_not && value == "*") return 0;
        says[speaks_of(type, value, request)] = true;
      }
    }
  }
  if (!is_not) return says[3] ? 3 : says[2] ? 2 : says[1] ? 1 : 0;
  if (!request.service.empty()) return says[3] ? 0 : 3;
  const bool is_root = request.arn == "arn:aws:iam::" + request.account + ":root";
  const bool is_spared = says[1] && (says[2] || request.role_arn.empty()) && (says[3] || is_root);
  return is_spared ? 0 : 3;
}

}  // namespace

Answer ask(const std::vector<std::string>& documents, const Request& request) {
  Answer answer = Answer::kNothing;
  for (const auto& text : documents) {
    const auto document = load(text);
    for (const auto& statement : document.statements) {
      if (!applies(statement, document.has_variables, request)) continue;
      if (json::find_string(statement, "Effect") == "Deny") return Answer::kDeny;
      answer = Answer::kAllow;
    }
  }
  return answer;
}

Answer decide(const Voices& voices, const Request& request) {
  int grant = 0;
  bool is_denied = false;
  if (voices.resource) {
    const auto document = load(*voices.resource);
    for (const auto& statement : document.statements) {
      const int says = principal_of(statement, request);
      if (says == 0 || !applies(statement, document.has_variables, request)) continue;
      if (json::find_string(statement, "Effect") == "Deny") is_denied = true;
      grant = std::max(grant, says);
    }
  }
  if (is_denied) return Answer::kDeny;
  const auto allow_if = [](bool is_allowed) {
    return is_allowed ? Answer::kAllow : Answer::kNothing;
  };
  if (voices.is_root) return allow_if(!voices.is_foreign || grant > 0);
  if (request.arn.empty()) return allow_if(grant == 3);

  const Answer identity = ask(voices.identity, request);
  const Answer boundary = voices.boundary ? ask(*voices.boundary, request) : Answer::kAllow;
  const Answer session = voices.session ? ask(*voices.session, request) : Answer::kAllow;
  for (const auto answer : {identity, boundary, session}) {
    if (answer == Answer::kDeny) return answer;
  }
  const bool is_within = boundary == Answer::kAllow && session == Answer::kAllow;
  const bool is_allowed = identity == Answer::kAllow;
  if (voices.is_foreign) return allow_if(is_allowed && is_within && grant > 0);
  return allow_if(grant == 3 || (is_within && (is_allowed || grant == 2)));
}

}  // namespace stator::iam::naive
