"""Why a suggestion: which parts of the text around the cursor it rests on, and what would change it.

Parts are taken away, and how likely the model still finds the suggestion is measured (occlusion; M. Zeiler and
R. Fergus, "Visualizing and Understanding Convolutional Networks", 2014). Whether the resulting order is worth anything
is measured, too, by deletion and insertion (V. Petsiuk, A. Das and K. Saenko, "RISE", 2018) against random orders.
"""

from rust_ai_ide.runtime.explaining.asking import Asker
from rust_ai_ide.runtime.explaining.copies import Origin, origin_of
from rust_ai_ide.runtime.explaining.counterfactual import Counterfactual
from rust_ai_ide.runtime.explaining.explanation import Explanation, explain
from rust_ai_ide.runtime.explaining.faithfulness import Faithfulness
from rust_ai_ide.runtime.explaining.spans import Span

__all__ = ["Asker", "Counterfactual", "Explanation", "Faithfulness", "Origin", "Span", "explain", "origin_of"]
