#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "aws/input.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

/// Steps that take a request's members over into a record. What a request does not mention stays
/// as it is; what it sets to an empty value goes.
namespace stator::apigateway {

struct Length {
  std::size_t min = 0;
  std::size_t max = 0;
};

/// BadRequestException naming the member unless its text has that length.
[[nodiscard]] Result<void> check_length(std::string_view name, std::string_view text,
                                        Length length);

/// A text; where `length.min` is 0 an empty one removes the member.
[[nodiscard]] Result<void> take_text(const aws::Input& input, std::string_view name, Length length,
                                     json::Object& record);
[[nodiscard]] Result<void> take_flag(const aws::Input& input, std::string_view name,
                                     json::Object& record);
/// A text that is one of `known`.
[[nodiscard]] Result<void> take_choice(const aws::Input& input, std::string_view name,
                                       std::initializer_list<std::string_view> known,
                                       json::Object& record);
/// An object of texts that goes into the one that is there, entry by entry; an empty text removes
/// its entry, and the last to go takes the member with it.
[[nodiscard]] Result<void> merge_texts(const aws::Input& input, std::string_view name,
                                       json::Object& record);

/// kInvalid naming the first of `names` that the request gives a value: AWS has these for WebSocket
/// APIs only. False, empty texts, lists and objects are no values.
[[nodiscard]] Result<void> refuse_websocket_members(const aws::Input& input,
                                                    std::initializer_list<std::string_view> names);

/// Sets the member unless the record has it.
void set_default(json::Object& record, std::string_view name, json::Value value);

}  // namespace stator::apigateway
