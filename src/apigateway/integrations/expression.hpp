#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apigateway/exchange.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// Which message a mapping reads beside the context and the stage's variables.
enum class Reads { kRequest, kResponse };

/// What expressions read from. The body is parsed at most once, and only when one asks for it.
class Source {
 public:
  /// Both outlive it; `response` null where requests are mapped.
  explicit Source(const Exchange& exchange, const http::Response* response = nullptr)
      : exchange_(exchange), response_(response) {}

  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  [[nodiscard]] const http::Headers& headers() const {
    return response_ != nullptr ? response_->headers : exchange_.request.headers;
  }
  [[nodiscard]] const std::string& body() const {
    return response_ != nullptr ? response_->body : exchange_.request.body;
  }
  /// Null when it is no JSON, or larger than the 100 KiB within which AWS looks for members.
  [[nodiscard]] const json::Value* json_body();

 private:
  const Exchange& exchange_;
  const http::Response* response_;
  std::optional<json::Value> parsed_;
  bool is_parsed_ = false;
};

/// The value of a mapping: "$request.header.name", "text", or "text ${request.path.id} text".
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
class Expression {
 public:
  /// kInvalid, naming the part, for a selection that is none or that `reads` does not offer.
  [[nodiscard]] static Result<Expression> parse(std::string_view text, Reads reads);

  /// Nothing when it is one selection that finds nothing; within a text that is "".
  [[nodiscard]] std::optional<std::string> evaluate(Source& source) const;

 private:
  enum class Kind {
    kText,
    kHeader,
    kQuery,
    kBody,
    kPath,
    kPathParameter,
    kContext,
    kStageVariable
  };
  using Step = std::variant<std::string, std::size_t>;  ///< a member's name or an element's number
  struct Part {
    Kind kind = Kind::kText;
    std::string name;
    std::vector<Step> steps = {};
  };

  [[nodiscard]] static Result<Part> parse_selection(std::string_view text, Reads reads);
  [[nodiscard]] static Result<std::vector<Step>> parse_steps(std::string_view path);
  [[nodiscard]] static std::optional<std::string> select(const Part& part, Source& source);
  [[nodiscard]] static std::optional<std::string> select_body(const Part& part, Source& source);

  std::vector<Part> parts_;
  bool is_selection_ = false;
};

}  // namespace stator::apigateway
