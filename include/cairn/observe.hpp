#pragma once

#include <cairn/observe/event.hpp>
#include <cairn/observe/sink.hpp>
