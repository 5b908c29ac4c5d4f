#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "lambda/context.hpp"
#include "lambda/http.hpp"
#include "lambda/response_stream.hpp"
#include "stator/json_codec.hpp"

/// What a handler may look like. It is any callable that takes
///   - the event: HttpRequest, AuthorizerRequest, StreamEvent, the bytes (std::string_view), or
///     anything with a JSON form, plain structs above all; or none;
///   - optionally a `const Context&` and, to answer in pieces, a `ResponseStream&`;
/// and answers HttpResponse, an authorization, a BatchResponse, JSON bytes (std::string), Raw bytes
/// of any type, anything with a JSON form, or nothing.
namespace lambda {

/// An answer of bytes that are not JSON.
struct Raw {
  std::string bytes;
  std::string content_type = "application/octet-stream";
};

namespace detail {

template <class... A>
struct Arguments {
  using tuple = std::tuple<A...>;
  static constexpr std::size_t kCount = sizeof...(A);
};

template <class F>
struct Signature;
template <class R, class... A>
struct Signature<R (*)(A...)> {
  using arguments = Arguments<A...>;
  using result = R;
};
template <class R, class... A>
struct Signature<R (*)(A...) noexcept> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...)> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) noexcept> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const noexcept> : Signature<R (*)(A...)> {};

template <class H>
concept HasCallOperator = requires {
  &H::operator();
};
template <class H>
concept FunctionPointer = std::is_pointer_v<H> && std::is_function_v<std::remove_pointer_t<H>>;

template <class H>
struct SignatureOf;
template <HasCallOperator H>
struct SignatureOf<H> : Signature<decltype(&H::operator())> {};
template <FunctionPointer H>
struct SignatureOf<H> : Signature<H> {};

/// A class of this SDK that is made from an event's text.
template <class E>
concept EventClass = requires {
  typename E::lambda_event;
};
template <class A>
concept EventAnswer = requires(const A& answer) {
  { answer.to_event_json() } -> std::same_as<std::string>;
};
template <class T>
inline constexpr bool kIsExtra = std::same_as<T, Context> || std::same_as<T, ResponseStream>;
template <class E>
concept BytesEvent = std::same_as<E, std::string_view> || std::same_as<E, std::string>;

/// The event of a handler whose signature is one: its first argument that is none of ours.
template <class Tuple, std::size_t I = 0>
struct EventOf {
  using type = void;
};
template <class Tuple, std::size_t I>
requires(I < std::tuple_size_v<Tuple>) struct EventOf<Tuple, I> {
  using here = std::remove_cvref_t<std::tuple_element_t<I, Tuple>>;
  using type = typename std::conditional_t<kIsExtra<here>, EventOf<Tuple, I + 1>,
                                           std::type_identity<here>>::type;
};

/// The event of any handler. One with a generic call operator has no signature to look at: it takes
/// the request or the bytes.
template <class H>
struct HandlerEvent {
  using type = std::conditional_t<std::is_invocable_v<H&, const HttpRequest&> ||
                                      std::is_invocable_v<H&, const HttpRequest&, const Context&>,
                                  HttpRequest, std::string_view>;
};
template <class H>
requires requires {
  typename SignatureOf<H>::arguments;
}
struct HandlerEvent<H> : EventOf<typename SignatureOf<H>::arguments::tuple> {};

/// What of an invocation a handler may ask for.
template <class E>
struct Offer {
  const E& event;
  const Context& context;
  ResponseStream& stream;
};
template <>
struct Offer<void> {
  const Context& context;
  ResponseStream& stream;
};

/// Passes what the handler asks for, in its order.
template <class Argument, class E>
decltype(auto) pick(const Offer<E>& offer) {
  using Plain = std::remove_cvref_t<Argument>;
  if constexpr (std::same_as<Plain, Context>) {
    return (offer.context);
  } else if constexpr (std::same_as<Plain, ResponseStream>) {
    return (offer.stream);
  } else {
    static_assert(std::same_as<Plain, E>, "lambda: a handler takes one event");
    return (offer.event);
  }
}
template <class H, class E, class... A>
decltype(auto) call_with(H& handler, const Offer<E>& offer, std::type_identity<std::tuple<A...>>) {
  return handler(pick<A>(offer)...);
}

template <class H, class E>
decltype(auto) call(H& handler, const Offer<E>& offer) {
  if constexpr (requires { typename SignatureOf<H>::arguments; }) {
    return call_with(handler, offer,
                     std::type_identity<typename SignatureOf<H>::arguments::tuple>{});
  } else if constexpr (std::is_invocable_v<H&, const E&, const Context&>) {
    return handler(offer.event, offer.context);
  } else {
    static_assert(std::is_invocable_v<H&, const E&>,
                  "lambda: a handler takes an event, and a const Context& or a ResponseStream& "
                  "besides; see lambda/handler.hpp");
    return handler(offer.event);
  }
}

/// How the answer to a request is written: as its payload's version wants it.
template <class E>
int answer_version(const Offer<E>& offer) {
  if constexpr (std::same_as<E, HttpRequest>) {
    return offer.event.payload_version();
  } else {
    return 2;
  }
}

template <class A, class E>
Raw written(A&& answer, const Offer<E>& offer) {
  using Answer = std::remove_cvref_t<A>;
  const std::string json_type = "application/json";
  if constexpr (std::same_as<Answer, Raw>) {
    return std::forward<A>(answer);
  } else if constexpr (std::same_as<Answer, HttpResponse>) {
    return {to_event_json(answer, answer_version(offer)), json_type};
  } else if constexpr (EventAnswer<Answer>) {
    return {answer.to_event_json(), json_type};
  } else if constexpr (std::convertible_to<const Answer&, std::string_view> &&
                       !std::same_as<E, HttpRequest>) {
    return {std::string(std::string_view(answer)), json_type};
  } else if constexpr (std::same_as<E, HttpRequest>) {
    return {to_event_json(json(200, answer), answer_version(offer)), json_type};
  } else {
    return {stator::sdk::to_json(answer), json_type};
  }
}

/// Calls the handler and takes its answer; one that streams has given it already.
template <class H, class E>
void call_and_answer(H& handler, const Offer<E>& offer, stator1_outcome& outcome) {
  using Answer = decltype(call(handler, offer));
  using stator::sdk::borrow;
  if constexpr (std::is_void_v<Answer>) {
    call(handler, offer);
    stator1_succeed(&outcome, borrow("null"), borrow("application/json"));
  } else {
    const Raw answer = written(call(handler, offer), offer);
    stator1_succeed(&outcome, borrow(answer.bytes), borrow(answer.content_type));
  }
}

template <class E>
E read_event(std::string_view text) {
  E event{};
  stator::sdk::JsonReader json(text);
  if (!stator::sdk::read_json(json, event) || !json.finish()) {
    throw std::invalid_argument("the event: " + json.problem());
  }
  return event;
}

template <class H>
void answer(H& handler, const stator1_invocation& invocation, stator1_outcome& outcome) {
  using E = typename HandlerEvent<H>::type;
  const Context context(invocation);
  ResponseStream stream(outcome);
  const std::string_view text{invocation.payload.data, invocation.payload.size};
  if constexpr (std::is_void_v<E>) {
    call_and_answer(handler, Offer<void>{context, stream}, outcome);
  } else if constexpr (BytesEvent<E>) {
    const E event(text);
    call_and_answer(handler, Offer<E>{event, context, stream}, outcome);
  } else if constexpr (EventClass<E>) {
    const E event(text);
    call_and_answer(handler, Offer<E>{event, context, stream}, outcome);
  } else {
    const E event = read_event<E>(text);
    call_and_answer(handler, Offer<E>{event, context, stream}, outcome);
  }
}

}  // namespace detail
}  // namespace lambda
