#pragma once

#include "s3/operation_table.hpp"

#include <cairn/core/secret.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/s3/operations/copy_source.hpp>

#include <concepts>
#include <map>
#include <optional>
#include <type_traits>
#include <vector>

/// The words that operation tables are written in: a row from a member pointer, then what is
/// special about it, as in `header<&put_object::if_match>("IfMatch", "If-Match").conditional()`.
namespace cairn::s3::rows {

/// How one type of scalar is written and read.
template <class T>
struct scalar;

// NOLINTBEGIN(bugprone-macro-parentheses): a type can't stand in parentheses here.
#define CAIRN_S3_SCALAR(type, its_kind)                                            \
    template <>                                                                    \
    struct scalar<type> {                                                          \
        static constexpr s3::kind kind = s3::kind::its_kind;                       \
        static std::string text(const type& value, time_format format);            \
        static bool parse(type& value, std::string_view text, time_format format); \
    }
CAIRN_S3_SCALAR(std::string, text);
CAIRN_S3_SCALAR(s3::copy_source, text);
CAIRN_S3_SCALAR(secret, secret);
CAIRN_S3_SCALAR(std::int64_t, number);
CAIRN_S3_SCALAR(bool, flag);
CAIRN_S3_SCALAR(timestamp, time);
#undef CAIRN_S3_SCALAR
// NOLINTEND(bugprone-macro-parentheses)

template <class T>
concept is_scalar = requires { scalar<T>::kind; };

/// The operations of `value_type` on one C++ type; a structure unless specialized.
template <class T>
struct ops {
    static constexpr s3::kind kind = s3::kind::structure;
    static std::size_t size(const void*) { return 1; }
    static const void* at(const void* value, std::size_t) { return value; }
    static void* grow(void* value) { return value; }
    static constexpr value_type type{kind, false, size, nullptr, nullptr, at, grow, nullptr};
};

template <is_scalar T>
struct ops<T> {
    static constexpr s3::kind kind = scalar<T>::kind;
    static std::size_t size(const void*) { return 1; }
    static std::string to_text(const void* value, time_format format) {
        return scalar<T>::text(*static_cast<const T*>(value), format);
    }
    static bool from_text(void* value, std::string_view text, time_format format) {
        return scalar<T>::parse(*static_cast<T*>(value), text, format);
    }
    static constexpr value_type type{kind,      false,   size,    to_text,
                                     from_text, nullptr, nullptr, nullptr};
};

template <is_scalar T>
struct ops<std::optional<T>> {
    using value_t = std::optional<T>;
    static std::size_t size(const void* value) {
        return static_cast<const value_t*>(value)->has_value();
    }
    static std::string to_text(const void* value, time_format format) {
        return scalar<T>::text(**static_cast<const value_t*>(value), format);
    }
    static bool from_text(void* value, std::string_view text, time_format format) {
        T parsed{};
        if (!scalar<T>::parse(parsed, text, format)) return false;
        *static_cast<value_t*>(value) = std::move(parsed);
        return true;
    }
    static constexpr value_type type{scalar<T>::kind, true,    size,    to_text,
                                     from_text,       nullptr, nullptr, nullptr};
};

template <class T>
struct ops<std::optional<T>> {
    using value_t = std::optional<T>;
    static std::size_t size(const void* value) {
        return static_cast<const value_t*>(value)->has_value();
    }
    static const void* at(const void* value, std::size_t) {
        return &**static_cast<const value_t*>(value);
    }
    static void* grow(void* value) { return &static_cast<value_t*>(value)->emplace(); }
    static constexpr value_type type{
        s3::kind::structure, true, size, nullptr, nullptr, at, grow, nullptr};
};

template <class T>
struct ops<std::vector<T>> {
    using value_t = std::vector<T>;
    static std::size_t size(const void* value) {
        return static_cast<const value_t*>(value)->size();
    }
    static const void* at(const void* value, std::size_t index) {
        return &(*static_cast<const value_t*>(value))[index];
    }
    static void* grow(void* value) {
        if constexpr (std::default_initializable<T>)
            return &static_cast<value_t*>(value)->emplace_back();
        else  // Only ever sent.
            return nullptr;
    }
    static constexpr value_type type{s3::kind::list, true, size, nullptr,
                                     nullptr,        at,   grow, &ops<T>::type};
};

/// Types that encoding and decoding know by themselves.
template <s3::kind Kind>
struct opaque {
    static constexpr value_type type{Kind,    true,    nullptr, nullptr,
                                     nullptr, nullptr, nullptr, nullptr};
};
template <>
struct ops<std::map<std::string, std::string>> : opaque<s3::kind::map> {};
template <>
struct ops<body::source> : opaque<s3::kind::stream> {};
template <>
struct ops<body::reader> : opaque<s3::kind::stream> {};

template <auto Member>
struct member;
template <class Object, class T, T Object::* Member>
struct member<Member> {
    using type = T;
    static const void* read(const void* object) {
        return &(static_cast<const Object*>(object)->*Member);
    }
    static void* write(void* object) { return &(static_cast<Object*>(object)->*Member); }
};

/// What the member is called in C++, as compilers spell the template argument.
template <auto Member>
constexpr std::string_view member_name() {
    constexpr std::string_view start = "Member = &";
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find(start) + start.size());
    text = text.substr(0, text.find_first_of(";]"));
    return text.substr(text.rfind(':') + 1);
}

template <auto Member>
constexpr row make(std::string_view name, place where, std::string_view wire) {
    using m = member<Member>;
    row r{name,     member_name<Member>(), where, wire, &ops<typename m::type>::type, &m::read,
          &m::write};
    r.required = !r.type->optional;
    if (where == place::header) r.format = time_format::http_date;
    return r;
}

template <auto Member>
constexpr row uri(std::string_view label) {
    return make<Member>(label, place::uri, label);
}
template <auto Member>
constexpr row query(std::string_view name, std::string_view parameter) {
    return make<Member>(name, place::query, parameter);
}
template <auto Member>
constexpr row header(std::string_view name, std::string_view field) {
    return make<Member>(name, place::header, field);
}
template <auto Member>
constexpr row prefix_headers(std::string_view name, std::string_view prefix) {
    return make<Member>(name, place::prefix_headers, prefix);
}
/// A child element, whose name is S3's name unless told.
template <auto Member>
constexpr row element(std::string_view name, std::string_view tag = {}) {
    return make<Member>(name, place::element, tag.empty() ? name : tag);
}
/// The document, whose root is called by S3's name of the member unless told.
template <auto Member>
constexpr row payload(std::string_view name, std::string_view tag = {}) {
    return make<Member>(name, place::payload, tag.empty() ? name : tag);
}
template <auto Member>
constexpr row root_text(std::string_view name) {
    return make<Member>(name, place::root_text, name);
}
template <auto Member>
constexpr row stream(std::string_view name) {
    return make<Member>(name, place::stream, name);
}

}  // namespace cairn::s3::rows
