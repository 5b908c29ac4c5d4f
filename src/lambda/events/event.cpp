#include "lambda/events/event.hpp"

#include "json/json.hpp"
#include "lambda/reader.hpp"
#include "lambda/record.hpp"

namespace stator::lambda::events {

std::string Event::arn() const {
  return function_arn(function.view()) + ":" +
         (qualifier.empty() ? std::string(kLatest) : qualifier);
}

std::string encode(const EventState& state) {
  const Event& event = state.event;
  return json::dump(json::Object{{"account", event.function.account},
                                 {"region", event.function.region},
                                 {"name", event.function.name},
                                 {"qualifier", event.qualifier},
                                 {"request_id", event.request_id},
                                 {"trace_id", event.trace_id},
                                 {"accepted_ms", epoch_ms(event.accepted)},
                                 {"failures", event.failures},
                                 {"refusals", event.refusals},
                                 {"refused_as", event.refused_as},
                                 {"due_ms", epoch_ms(state.due)},
                                 {"payload_bytes", state.payload_bytes}});
}

Result<EventState> decode_event_state(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Reader in(object);
  EventState state;
  state.event.function = {in.text("account"), in.text("region"), in.text("name")};
  state.event.qualifier = in.text("qualifier");
  state.event.request_id = in.text("request_id");
  state.event.trace_id = in.text("trace_id");
  state.event.accepted = from_epoch_ms(in.number("accepted_ms"));
  state.event.failures = in.number("failures");
  state.event.refusals = in.number("refusals");
  state.event.refused_as = in.number("refused_as");
  state.due = from_epoch_ms(in.number("due_ms"));
  state.payload_bytes = in.number("payload_bytes");
  if (!in.is_whole()) return internal("a queued event is damaged: " + std::string(text));
  return state;
}

}  // namespace stator::lambda::events
