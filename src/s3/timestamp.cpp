#include "s3/timestamp.hpp"

#include <cairn/core/ascii.hpp>

#include <array>
#include <cstdint>
#include <cstdio>

namespace cairn::s3 {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A moment taken apart.
struct parts {
    explicit parts(timestamp when)
        : days(chrono::floor<chrono::days>(when)), date(days), time(when - days) {}

    bool has_four_digit_year() const {
        return date.year() >= chrono::year(0) && date.year() <= chrono::year(9999);
    }

    chrono::sys_days days;
    chrono::year_month_day date;
    chrono::hh_mm_ss<timestamp::duration> time;
};

template <class... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

/// Reads a text from its start; once something doesn't match, `ok` stays false.
class cursor {
  public:
    explicit cursor(std::string_view text) : rest_(text) {}

    bool ok() const { return ok_; }
    bool done() const { return ok_ && rest_.empty(); }

    /// A number of `least` to `most` digits.
    unsigned digits(std::size_t least, std::size_t most) {
        unsigned value = 0;
        std::size_t count = 0;
        for (; count < most && count < rest_.size() && ascii::is_digit(rest_[count]); ++count)
            value = value * 10 + static_cast<unsigned>(rest_[count] - '0');
        take(count, count >= least);
        return value;
    }

    void expect(bool condition) { ok_ = ok_ && condition; }

    void literal(std::string_view text) {
        take(text.size(),
             rest_.size() >= text.size() && ascii::iequals(rest_.substr(0, text.size()), text));
    }

    bool peek(char c) const { return ok_ && !rest_.empty() && rest_.front() == c; }

    /// Which of `names`, all three letters long, comes next.
    template <std::size_t N>
    unsigned one_of(const std::array<std::string_view, N>& names) {
        for (unsigned i = 0; i < N; ++i) {
            if (!ascii::iequals(rest_.substr(0, 3), names[i])) continue;
            take(3, true);
            return i;
        }
        expect(false);
        return 0;
    }

    /// `.` and decimals, if they come next.
    chrono::microseconds fraction() {
        if (!peek('.')) return {};
        take(1, true);
        std::int64_t value = 0;
        std::int64_t unit = 100'000;
        std::size_t count = 0;
        for (; count < rest_.size() && ascii::is_digit(rest_[count]); ++count, unit /= 10)
            value += unit * (rest_[count] - '0');
        take(count, count > 0);
        return chrono::microseconds(value);
    }

  private:
    void take(std::size_t count, bool matches) {
        expect(matches);
        if (ok_) rest_.remove_prefix(count);
    }

    std::string_view rest_;
    bool ok_ = true;
};

chrono::microseconds time_of_day(cursor& in) {
    const unsigned hour = in.digits(2, 2);
    in.literal(":");
    const unsigned minute = in.digits(2, 2);
    in.literal(":");
    const unsigned second = in.digits(2, 2);
    in.expect(hour < 24 && minute < 60 && second <= 60);
    return chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second) + in.fraction();
}

/// `Z`, or how far local time is ahead of UTC.
chrono::minutes offset(cursor& in) {
    const bool ahead = in.peek('+');
    if (!ahead && !in.peek('-')) {
        in.literal("Z");
        return {};
    }
    in.literal(ahead ? "+" : "-");
    const unsigned hours = in.digits(2, 2);
    in.literal(":");
    const unsigned minutes = in.digits(2, 2);
    in.expect(hours < 24 && minutes < 60);
    const auto distance = chrono::hours(hours) + chrono::minutes(minutes);
    return ahead ? distance : -distance;
}

std::optional<timestamp> assemble(const cursor& in, unsigned year, unsigned month, unsigned day,
                                  chrono::microseconds time) {
    const auto date =
        chrono::year(static_cast<int>(year)) / chrono::month(month) / chrono::day(day);
    if (!in.done() || !date.ok()) return std::nullopt;
    return timestamp(chrono::sys_days(date)) + time;
}

}  // namespace

std::string format_http_date(timestamp when) {
    const parts p(when);
    if (!p.has_four_digit_year()) return {};
    const std::string weekday(weekdays[chrono::weekday(p.days).c_encoding()]);
    const std::string month(months[static_cast<unsigned>(p.date.month()) - 1]);
    return weekday + print(", %02u ", static_cast<unsigned>(p.date.day())) + month +
           print(" %04d %02d:%02d:%02d GMT", static_cast<int>(p.date.year()),
                 static_cast<int>(p.time.hours().count()),
                 static_cast<int>(p.time.minutes().count()),
                 static_cast<int>(p.time.seconds().count()));
}

std::string format_iso8601(timestamp when) {
    const parts p(when);
    if (!p.has_four_digit_year()) return {};
    auto text =
        print("%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(p.date.year()),
              static_cast<unsigned>(p.date.month()), static_cast<unsigned>(p.date.day()),
              static_cast<int>(p.time.hours().count()), static_cast<int>(p.time.minutes().count()),
              static_cast<int>(p.time.seconds().count()));
    if (p.time.subseconds().count() != 0) {
        text += print(".%06d", static_cast<int>(p.time.subseconds().count()));
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + 'Z';
}

std::optional<timestamp> parse_http_date(std::string_view text) {
    cursor in(text);
    in.one_of(weekdays);
    in.literal(", ");
    const unsigned day = in.digits(1, 2);
    in.literal(" ");
    const unsigned month = in.one_of(months) + 1;
    in.literal(" ");
    const unsigned year = in.digits(4, 4);
    in.literal(" ");
    const auto time = time_of_day(in);
    in.literal(" GMT");
    return assemble(in, year, month, day, time);
}

std::optional<timestamp> parse_iso8601(std::string_view text) {
    cursor in(text);
    const unsigned year = in.digits(4, 4);
    in.literal("-");
    const unsigned month = in.digits(2, 2);
    in.literal("-");
    const unsigned day = in.digits(2, 2);
    in.literal("T");
    const auto time = time_of_day(in);
    const auto ahead = offset(in);
    return assemble(in, year, month, day, time - ahead);
}

std::optional<timestamp> parse_timestamp(std::string_view text) {
    const auto iso = parse_iso8601(text);
    return iso ? iso : parse_http_date(text);
}

}  // namespace cairn::s3
