#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ddb/codec.hpp"
#include "lambda/log.hpp"
#include "stator/json.hpp"

namespace lambda {

/// One change of an item, as a DynamoDB stream tells it. Texts are valid as long as the event's.
class StreamRecord {
 public:
  /// "INSERT", "MODIFY" or "REMOVE".
  [[nodiscard]] const std::string& event_name() const { return event_name_; }
  [[nodiscard]] const std::string& event_id() const { return event_id_; }
  [[nodiscard]] const std::string& sequence_number() const { return sequence_number_; }
  [[nodiscard]] const std::string& source_arn() const { return source_arn_; }
  /// "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE" or "NEW_AND_OLD_IMAGES".
  [[nodiscard]] const std::string& view_type() const { return view_type_; }
  /// Whether DynamoDB's time to live removed the item, and nobody's request.
  [[nodiscard]] bool is_expiry() const { return is_expiry_; }
  /// Seconds since 1970, as exactly as the stream says.
  [[nodiscard]] const std::string& created_at() const { return created_at_; }

  /// DynamoDB JSON; empty where the stream's view leaves the image out.
  [[nodiscard]] std::string_view keys() const { return keys_; }
  [[nodiscard]] std::string_view new_image() const { return new_image_; }
  [[nodiscard]] std::string_view old_image() const { return old_image_; }

  /// The image as a model of the mapper; nothing where there is no image. Throws
  /// std::invalid_argument for an item that does not fit the model.
  template <class T>
  [[nodiscard]] std::optional<T> new_item() const {
    return decoded<T>(new_image_);
  }
  template <class T>
  [[nodiscard]] std::optional<T> old_item() const {
    return decoded<T>(old_image_);
  }

 private:
  friend class StreamEvent;

  template <class T>
  static std::optional<T> decoded(std::string_view image) {
    if (image.empty()) return std::nullopt;
    stator::sdk::JsonReader json(image);
    T item{};
    if (!ddb::decode_attributes(json, item) || !json.finish()) {
      throw std::invalid_argument("the item: " + json.problem());
    }
    return item;
  }

  bool read(stator::sdk::JsonReader& json) {
    return json.object([&](std::string_view name) {
      if (name == "eventName") return json.read(event_name_);
      if (name == "eventID") return json.read(event_id_);
      if (name == "eventSourceARN") return json.read(source_arn_);
      if (name == "userIdentity" && !json.at(STATOR1_JSON_NULL)) return read_identity(json);
      if (name != "dynamodb") return json.skip();
      return json.object([&](std::string_view inner) { return read_change(json, inner); });
    });
  }
  bool read_change(stator::sdk::JsonReader& json, std::string_view name) {
    if (name == "Keys") return json.skip(&keys_);
    if (name == "NewImage") return json.skip(&new_image_);
    if (name == "OldImage") return json.skip(&old_image_);
    if (name == "SequenceNumber") return json.read(sequence_number_);
    if (name == "StreamViewType") return json.read(view_type_);
    if (name == "ApproximateCreationDateTime") {
      std::string_view digits;
      if (!json.read_number(digits)) return false;
      created_at_ = digits;
      return true;
    }
    return json.skip();
  }
  bool read_identity(stator::sdk::JsonReader& json) {
    return json.object([&](std::string_view name) {
      if (name != "principalId") return json.skip();
      std::string principal;
      if (!json.read(principal)) return false;
      is_expiry_ = principal == "dynamodb.amazonaws.com";
      return true;
    });
  }

  std::string event_name_, event_id_, sequence_number_, source_arn_, view_type_, created_at_;
  std::string_view keys_, new_image_, old_image_;
  bool is_expiry_ = false;
};

/// A batch of a DynamoDB stream's records, in the order in which the items changed.
class StreamEvent {
 public:
  using lambda_event = void;

  /// Throws std::invalid_argument for what is not such an event. The text outlives the event.
  explicit StreamEvent(std::string_view event) {
    stator::sdk::JsonReader json(event);
    bool found = false;
    const bool good = json.object([&](std::string_view name) {
      if (name != "Records") return json.skip();
      found = true;
      return json.array([&] { return records_.emplace_back().read(json); });
    });
    if (!good || !json.finish()) throw std::invalid_argument("the event: " + json.problem());
    if (!found) throw std::invalid_argument("the event: Records: is required");
  }

  [[nodiscard]] const std::vector<StreamRecord>& records() const { return records_; }
  [[nodiscard]] auto begin() const { return records_.begin(); }
  [[nodiscard]] auto end() const { return records_.end(); }
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  std::vector<StreamRecord> records_;
};

/// What a mapping with ReportBatchItemFailures takes as its answer: the records that failed. Of a
/// stream the batch is tried again from the first of them on.
class BatchResponse {
 public:
  BatchResponse& failed(const StreamRecord& record) { return failed(record.sequence_number()); }
  BatchResponse& failed(std::string_view item_identifier) {
    failures_.emplace_back(item_identifier);
    return *this;
  }
  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }
  [[nodiscard]] std::string to_event_json() const {
    stator::sdk::JsonWriter json;
    json.begin_object();
    json.key("batchItemFailures");
    json.begin_array();
    for (const std::string& identifier : failures_) {
      json.begin_object();
      json.member("itemIdentifier", identifier);
      json.end_object();
    }
    json.end_array();
    json.end_object();
    return json.take();
  }

 private:
  std::vector<std::string> failures_;
};

/// Handles the records one after the other until one throws. That one is logged and answered as
/// failed, and it and all behind it come again: a stream's order is kept.
template <class Handle>
[[nodiscard]] BatchResponse each(const StreamEvent& event, const Handle& handle) {
  BatchResponse response;
  for (const StreamRecord& record : event) {
    try {
      handle(record);
    } catch (const std::exception& error) {
      log_error("a record failed",
                {{"sequenceNumber", record.sequence_number()}, {"error", error.what()}});
      response.failed(record);
      break;
    }
  }
  return response;
}

}  // namespace lambda
